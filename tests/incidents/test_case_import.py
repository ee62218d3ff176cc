"""Cases come from another system by a saved mapping: shown first, written all or not, and once."""

import json
import uuid
from datetime import timedelta
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from incidents.arriving import sheet
from incidents.arriving.fields import guessed_columns
from incidents.arriving.problems import WORDS, Problem
from incidents.errors import ChangedSince, MappingNameTaken
from incidents.models import CaseImport, ColumnMapping, Identity, Incident, Narrative, StatutoryNotice
from incidents.services import importing
from notifications.jobs import run_job
from notifications.models import OutboxMessage
from organisation import clock
from organisation.errors import NotAllowed, WrongState
from organisation.models import Appointment, ImportState
from tests.factories.case_import import HEADINGS, ROWS, csv_of, make_mapping, make_read, write
from tests.factories.incidents import report
from tests.factories.retention import approved, carried_out, make_rule


def codes(run):
    return [(line, code) for line, _column, code, _values in run.errors]


def rows_of_everything():
    from django.apps import apps

    counted = (model for model in apps.get_app_config("incidents").get_models() if model is not CaseImport)
    return {model.__name__: model._base_manager.count() for model in counted}


@pytest.fixture(autouse=True)
def own_storage(tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path)


class TestReading:
    def test_the_headings_are_guessed(self):
        found = guessed_columns(HEADINGS.split(";"))
        assert found["number"] == "Ärendenummer"
        assert found["told"] == "Beskrivning"
        assert found["other_party"] == "Motpart"
        assert found["closed_on"] == "Avslutad"
        assert "cost_ore" not in found

    def test_it_is_shown_and_nothing_is_written(self, town):
        run = make_read(town)
        assert (run.state, run.found["new"], run.found["known"], run.errors) == (ImportState.READY, 3, 0, [])
        assert not Incident.objects.exists()

    @pytest.mark.parametrize(
        ("separator", "encoding"), [(";", "utf-8"), (",", "utf-8-sig"), ("\t", "cp1252"), (";", "utf-16")]
    )
    def test_any_usual_separator_and_encoding(self, town, separator, encoding):
        first = ROWS[0].replace(";", separator)
        run = make_read(town, first, headings=HEADINGS.replace(";", separator), encoding=encoding)
        assert (run.state, run.found["new"]) == (ImportState.READY, 1)

    @pytest.mark.parametrize("day", ["2023-04-05", "20230405", "5.4.2023", "05/04/2023", "2023-04-05 14:30"])
    def test_days_as_other_systems_write_them(self, town, day):
        write(town, make_read(town, f"A-1;care-north;Hot;{day};;;;"))
        assert Incident.objects.get().occurred_on.isoformat() == "2023-04-05"

    def test_what_is_wrong_is_told_with_its_line_and_column(self, town):
        run = make_read(
            town,
            ROWS[0],
            ";care-north;Hot;2023-01-01;;;;",
            "A-5;finns ej;Hot;2023-13-01;;;;",
            "A-6;care-north;Smäll;2999-01-01;;;Farbror;",
            "A-1;care-north;Hot;2023-02-01;2023-01-01;;;",
        )
        assert run.state == ImportState.WRONG
        assert codes(run) == [
            (3, "missing"),
            (4, "unknown_body"),
            (4, "not_a_date"),
            (5, "unknown_word"),
            (5, "unknown_word"),
            (5, "in_the_future"),
            (6, "before_it_happened"),
            (6, "twice"),
        ]
        assert run.errors[3][1] == "Händelsetyp"
        assert run.found["words"] == {"kind": ["Smäll"], "other_party": ["Farbror"]}

    def test_whatever_is_wrong_has_words_and_is_kept_by_its_code(self):
        values = dict.fromkeys(("limit", "value", "length", "other"), "x")
        for code in WORDS:
            problem = Problem(2, "Enhet", code, values)
            assert problem.text
            assert problem.fix
            assert Problem.from_json(problem.as_json()) == problem

    def test_a_text_is_never_repeated(self, town):
        run = make_read(town, f"A-1;care-north;Hot;2023-01-01;;{'hemligt ' * 2000};;")
        assert codes(run) == [(2, "too_long")]
        assert "hemligt" not in json.dumps([run.errors, run.found])

    def test_a_number_of_columns_that_the_file_lacks(self, town):
        run = make_read(town, "A-1", headings="Ärendenummer")
        assert codes(run) == [(1, "no_column")] * 3
        run = make_read(town, "A-1", headings="Ärendenummer", mapping=make_mapping(town, csv_of(), name="Annan"))
        assert codes(run) == [(1, "gone_column")] * 3

    def test_a_file_that_is_too_long_is_told_so(self, town, monkeypatch):
        monkeypatch.setattr(sheet, "MOST_ROWS", 2)
        assert codes(make_read(town)) == [(5, "too_many_rows")]

    @pytest.mark.parametrize(
        ("content", "code"),
        [(b"", "empty"), (b"Nummer;Enhet\r\n", "empty"), (b"a\x00b", "not_text"), (b'a\r\n"b', "unreadable")],
    )
    def test_what_is_no_file_of_cases(self, town, content, code):
        run = importing.start_case_import(
            municipality=town.municipality,
            file=ContentFile(content, name="x.csv"),
            mapping=make_mapping(town),
            by=town.safety_coordinator,
            submission_key=uuid.uuid4(),
        )
        run_job(run.job_id)
        run.refresh_from_db()
        assert [found for _line, found in codes(run)] == [code]

    def test_two_workplaces_of_one_name_take_a_key(self, town):
        body = town.bodies["care-south"]
        body.name = town.bodies["care-north"].name
        body.save()
        assert codes(make_read(town, ROWS[0])) == [(2, "two_bodies")]


class TestTheMapping:
    def test_words_are_said_once_and_known_from_then_on(self, town):
        run = make_read(town, "A-1;care-north;Smäll;2023-01-01;;;;")
        columns = run.mapping.columns
        run = importing.change_mapping(
            run=run, columns=columns, words={"kind": {"Smäll": "violence"}}, by=town.safety_coordinator
        )
        run_job(run.job_id)
        run.refresh_from_db()
        assert run.state == ImportState.READY
        write(town, run)
        assert Incident.objects.get().kind == "violence"
        again = make_read(town, "A-2;care-north;SMÄLL;2023-01-01;;;;", mapping=run.mapping)
        assert again.state == ImportState.READY

    def test_what_is_no_choice_is_not_kept(self, town):
        run = make_read(town, "A-1;care-north;Smäll;2023-01-01;;;;")
        words = {"kind": {"Smäll": "explosion"}, "told": {"x": "y"}}
        importing.change_mapping(run=run, columns={"made_up": "Enhet"}, words=words, by=town.safety_coordinator)
        mapping = ColumnMapping.objects.get()
        assert mapping.columns == {}
        assert not any(mapping.words.values())

    def test_a_name_belongs_to_one_system(self, town):
        first = make_mapping(town)
        assert make_mapping(town) == first
        with pytest.raises(MappingNameTaken):
            make_mapping(town, system="ett annat")

    def test_not_once_it_is_written(self, town):
        run = write(town, make_read(town))
        with pytest.raises(WrongState):
            importing.change_mapping(run=run, columns={}, words={}, by=town.safety_coordinator)


class TestWriting:
    def test_each_row_is_a_case_that_says_where_it_comes_from(self, town):
        run = write(town, make_read(town))
        assert run.state == ImportState.WRITTEN
        first, second, third = Incident.objects.order_by("foreign_number")
        assert (first.label, third.label) == ("H-2023-0001", "H-2023-0003")
        assert (first.channel, first.foreign_system, first.foreign_number) == ("import", "gamla", "A-1")
        assert (first.body, third.body) == (town.bodies["care-north"], town.bodies["care-south"])
        assert (first.state, second.state, third.state) == ("closed", "read", "closed")
        assert third.closed_at.date().isoformat() == "2024-01-09"
        assert (first.other_party, second.other_party) == ("relative", "unknown")

    def test_texts_and_names_stand_apart(self, town):
        write(town, make_read(town))
        assert {row.incident.foreign_number: row.text for row in Narrative.objects.all()} == {
            "A-1": "Hotad i trappan.",
            "A-2": "Slag.\nFlera rader.",
        }
        assert Identity.objects.get().name == "Anna Attrappson"
        assert {row.history_user for row in Incident.history.all()} == {None}
        assert Incident.history.count() == 3

    def test_nobody_is_told_and_no_clock_starts(self, town):
        before = OutboxMessage.objects.count()
        write(town, make_read(town))
        assert OutboxMessage.objects.count() == before
        assert not StatutoryNotice.objects.exists()
        assert not any(case.answer_by for case in Incident.objects.all())

    def test_the_same_file_again_writes_no_row(self, town):
        write(town, make_read(town))
        before = rows_of_everything()
        again = make_read(town)
        assert (again.state, again.found) == (ImportState.WRITTEN, {"new": 0, "known": 3, "problems": 0})
        assert rows_of_everything() == before

    def test_only_new_numbers_of_a_longer_file_are_written(self, town):
        write(town, make_read(town, *ROWS[:2]))
        run = make_read(town)
        assert (run.found["new"], run.found["known"]) == (1, 2)
        write(town, run)
        assert Incident.objects.count() == 3

    def test_the_same_number_of_another_system_is_another_case(self, town):
        write(town, make_read(town))
        run = make_read(town, mapping=make_mapping(town, csv_of(), name="Annat", system="annat"))
        assert run.found["new"] == 3

    def test_a_case_that_has_been_disposed_of_does_not_come_back(self, town):
        make_rule(town, years=1)
        write(town, make_read(town))
        carried_out(town, approved(town))
        run = make_read(town)
        assert (run.found["new"], run.found["known"]) == (0, 3)

    def test_numbers_go_on_after_those_of_the_portal(self, town):
        year = clock.today().year
        report(town)
        write(town, make_read(town, f"A-1;care-north;Hot;{clock.today().isoformat()};;;;"))
        assert sorted(case.label for case in Incident.objects.all()) == [f"H-{year}-0001", f"H-{year}-0002"]
        assert report(town).number == 3

    def test_all_or_nothing(self, town):
        run = make_read(town)
        run = importing.confirm_case_import(run=run, digest=run.digest, by=town.safety_coordinator)
        with mock.patch("incidents.arriving.writing._reporters", side_effect=RuntimeError):
            run_job(run.job_id)
        assert not Incident.objects.exists()
        assert not Narrative.objects.exists()
        run_job(run.job_id)
        assert Incident.objects.count() == 3

    def test_a_case_about_the_manager_is_kept_from_the_manager(self, town):
        write(town, make_read(town, "A-1;care-north;Hot;2023-01-01;;;My manager;"))
        case = Incident.objects.get()
        assert case.other_party == "manager"
        assert case not in Incident.objects.visible_to(town.unit_manager)
        assert case in Incident.objects.visible_to(town.head)

    def test_those_who_see_the_unit_see_the_cases_and_not_the_text(self, town, as_):
        write(town, make_read(town))
        case = Incident.objects.get(foreign_number="A-1")
        assert "Hotad i trappan." in as_("unit_manager").get(f"/incidents/{case.public_id}/").content.decode()
        page = as_("safety_coordinator").get(f"/incidents/{case.public_id}/").content.decode()
        assert "Hotad i trappan." not in page
        assert "Anna Attrappson" not in page


class TestTheRun:
    def test_sent_twice_it_is_one_run_and_confirmed_twice_it_is_written_once(self, town):
        run = make_read(town)
        first = importing.confirm_case_import(run=run, digest=run.digest, by=town.safety_coordinator)
        second = importing.confirm_case_import(run=run, digest=run.digest, by=town.safety_coordinator)
        assert first.job_id == second.job_id
        run_job(first.job_id)
        run_job(first.job_id)
        assert Incident.objects.count() == 3

    def test_what_was_shown_is_what_is_written(self, town):
        run = make_read(town)
        with pytest.raises(ChangedSince):
            importing.confirm_case_import(run=run, digest="0" * 64, by=town.safety_coordinator)

    def test_when_something_has_changed_it_is_shown_again(self, town):
        run, other = make_read(town), make_read(town, ROWS[0])
        run = importing.confirm_case_import(run=run, digest=run.digest, by=town.safety_coordinator)
        write(town, other)
        run_job(run.job_id)
        run.refresh_from_db()
        assert (run.state, run.found["changed"], run.found["new"]) == (ImportState.READY, True, 2)

    def test_whoever_lost_the_right_meanwhile_writes_nothing(self, town):
        run = make_read(town)
        run = importing.confirm_case_import(run=run, digest=run.digest, by=town.safety_coordinator)
        Appointment.objects.filter(person=town.safety_coordinator).update(valid_to=clock.today())
        run_job(run.job_id)
        run.refresh_from_db()
        assert run.state == ImportState.FAILED
        assert not Incident.objects.exists()

    def test_the_file_is_gone_at_the_end_and_what_repeats_it(self, town):
        with mock.patch("django.db.transaction.on_commit", lambda then: then()):
            written, dropped = make_read(town), make_read(town, "X;finns ej;Smäll;i går;;;;")
            names = [written.file, dropped.file]
            write(town, written)
            importing.discard_case_import(run=dropped, by=town.safety_coordinator)
        assert not any(default_storage.exists(name) for name in names)
        assert not any(row.errors or row.file for row in CaseImport.objects.all())
        assert "Smäll" not in json.dumps([row.found for row in CaseImport.objects.all()])

    def test_what_nobody_confirms_ends_after_a_day(self, town):
        run = make_read(town)
        assert importing.sweep_case_imports() == 0
        CaseImport.objects.filter(pk=run.pk).update(at=clock.now() - timedelta(hours=25))
        importing.sweep_case_imports()
        run.refresh_from_db()
        assert run.state == ImportState.DISCARDED
        importing.sweep_case_imports()
        assert default_storage.listdir("case-imports")[1] == []

    def test_only_those_who_import(self, town, other_town):
        run = make_read(town)
        for by in (town.unit_manager, town.head, town.archivist, town.administrator, other_town.safety_coordinator):
            for act in (
                lambda by=by: importing.confirm_case_import(run=run, digest=run.digest, by=by),
                lambda by=by: importing.discard_case_import(run=run, by=by),
                lambda by=by: importing.change_mapping(run=run, columns={}, words={}, by=by),
            ):
                with pytest.raises(NotAllowed):
                    act()


class TestPages:
    def upload(self, client, **more):
        answers = {"file": csv_of(*ROWS), "system": "gamla", "name": "Gamla", "submission_key": str(uuid.uuid4())}
        return client.post("/incidents/import/", answers | more)

    def test_from_file_to_cases(self, as_, town):
        client = as_("safety_coordinator")
        sent = self.upload(client)
        run = CaseImport.objects.get()
        assert sent.url == f"/incidents/import/{run.public_id}/"
        assert client.get(sent.url).status_code == 200
        run_job(run.job_id)
        shown = client.get(sent.url)
        assert shown.context["new"] == 3
        run.refresh_from_db()
        client.post(sent.url, {"digest": run.digest})
        run.refresh_from_db()
        run_job(run.job_id)
        assert Incident.objects.count() == 3
        assert client.get(sent.url).context["run"].state == ImportState.WRITTEN
        assert client.get("/incidents/import/").status_code == 200

    def test_the_same_form_twice_is_one_run(self, as_):
        client, key = as_("safety_coordinator"), str(uuid.uuid4())
        assert self.upload(client, submission_key=key).url == self.upload(client, submission_key=key).url
        assert CaseImport.objects.count() == 1

    def test_a_new_mapping_takes_a_system_and_a_name(self, as_):
        page = self.upload(as_("safety_coordinator"), system="", name="")
        assert page.status_code == 422
        assert set(page.context["form"].errors) == {"system", "name"}

    def test_words_are_asked_for_and_the_file_is_read_again(self, as_, town):
        client = as_("safety_coordinator")
        run = make_read(town, "A-1;care-north;Smäll;2023-01-01;;;;")
        address = f"/incidents/import/{run.public_id}/mapping/"
        page = client.get(address)
        assert "Smäll" in page.content.decode()
        answers = {field.html_name: field.value() or "" for field in page.context["form"].column_fields()}
        sent = client.post(address, answers | {"word-kind-0": "violence"})
        assert sent.status_code == 302
        run.refresh_from_db()
        run_job(run.job_id)
        run.refresh_from_db()
        assert run.state == ImportState.READY

    def test_a_needed_column_is_asked_for_at_its_question(self, as_, town):
        run = make_read(town)
        page = as_("safety_coordinator").post(f"/incidents/import/{run.public_id}/mapping/", {"number": ""})
        assert page.status_code == 422
        assert "number" in page.context["form"].errors

    def test_mistakes_as_a_file(self, as_, town):
        run = make_read(town, "A-1;finns ej;Hot;2023-01-01;;;;")
        client = as_("safety_coordinator")
        assert "finns ej" in client.get(f"/incidents/import/{run.public_id}/").content.decode()
        sent = b"".join(client.get(f"/incidents/import/{run.public_id}/errors.csv")).decode("utf-8-sig")
        assert "2;Enhet" in sent

    def test_discarded(self, as_, town):
        run = make_read(town)
        as_("safety_coordinator").post(f"/incidents/import/{run.public_id}/", {"discard": "1"})
        run.refresh_from_db()
        assert run.state == ImportState.DISCARDED
