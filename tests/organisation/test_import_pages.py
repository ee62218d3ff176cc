"""The pages of an import: giving files, seeing what they would change or what is wrong, writing, discarding."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisation.models import ImportRun, ImportState, SeatKind, User
from organisation.people_import import reading
from tests.factories import incidents
from tests.factories.importing import carry_out, csv_of
from tests.factories.importing import run as import_now
from tests.factories.organisation import Town, appoint, make_municipality, make_seat
from tests.reading import text_of

pytestmark = pytest.mark.django_db

ANNA = "100;Anna Provgren;anna@exempelby.example.se;care-north"
CANARY = "Kanariefågel-4711"


@pytest.fixture
def town() -> Town:
    return make_municipality()


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def administrator(client, town):
    client.force_login(town.administrator)
    return client


def give(client, *rows: str, kind: str = "people", name: str = "x.csv", content: bytes | None = None, **more):
    file = SimpleUploadedFile(name, csv_of(kind, *rows) if content is None else content, "text/csv")
    return client.post(reverse("organisation:imports"), {kind: file, **more})


def newest() -> ImportRun:
    return ImportRun.objects.latest("pk")


def page_of(run: ImportRun) -> str:
    return reverse("organisation:import", args=[run.public_id])


def read(client, *rows: str, **more) -> ImportRun:
    assert give(client, *rows, **more).status_code == 302
    carry_out(newest())
    return newest()


def confirmed(client, run: ImportRun, **more) -> ImportRun:
    client.post(page_of(run), {"digest": run.digest, **more})
    run.refresh_from_db()
    carry_out(run)
    run.refresh_from_db()
    return run


def test_from_file_to_written(administrator, town):
    response = give(administrator, ANNA)
    run = newest()
    assert response.url == page_of(run)
    under_way = text_of(administrator.get(page_of(run)))
    assert "The files are being read" in under_way
    assert "No worker is running" in under_way
    carry_out(run)
    shown = text_of(administrator.get(page_of(run)))
    assert "The files would add 1, change 0 and end 0" in shown
    assert "Anna Provgren 100 unit: Ängsgläntans hemtjänst New" in shown
    assert not User.objects.filter(external_id="100").exists()
    run = confirmed(administrator, newest())
    assert "Written: 1 added, 0 changed and 0 ended" in text_of(administrator.get(page_of(run)))
    assert User.objects.filter(external_id="100").exists()


def test_the_part_that_htmx_asks_for(administrator, town):
    give(administrator, ANNA)
    part = administrator.get(page_of(newest()), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert 'id="progress-parts"' in part.content.decode()
    carry_out(newest())
    assert "See the result" in text_of(administrator.get(page_of(newest()), headers={"HX-Request": "true"}))


def test_what_is_wrong_stands_with_line_and_column_and_as_a_file(administrator, town):
    run = read(administrator, ANNA, "101;;bo@exempelby.example.se;nowhere")
    shown = text_of(administrator.get(page_of(run)))
    assert "1 thing is wrong, so nothing can be written" in shown
    assert "People, line 3 namn The cell is empty. Fill it in." in shown
    assert "Write the changes" not in shown
    file = administrator.get(reverse("organisation:import_errors", args=[run.public_id])).getvalue().decode("utf-8-sig")
    assert file.splitlines()[1] == "people;3;namn;The cell is empty.;Fill it in."


def test_a_formula_in_a_cell_is_no_formula_in_the_file_of_errors(administrator, town):
    run = read(administrator, "100;Anna;=HYPERLINK(1);care-north")
    file = administrator.get(reverse("organisation:import_errors", args=[run.public_id])).getvalue().decode("utf-8-sig")
    assert not any(cell.startswith("=") for line in file.splitlines() for cell in line.split(";"))


def test_what_a_file_holds_is_never_markup(administrator, town):
    run = read(administrator, '100;"<script>alert(1)</script>";anna@exempelby.example.se;care-north')
    page = administrator.get(page_of(run)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({}, "Choose at least one file."),
        ({"headcounts": SimpleUploadedFile("x.csv", b"enhet;datum\n"), "is_full": "on"}, "A full list takes a file"),
    ],
)
def test_a_form_that_can_not_be_taken(administrator, town, answers, message):
    response = administrator.post(reverse("organisation:imports"), answers)
    assert response.status_code == 422
    assert text_of(response).count(message) == 2
    assert not ImportRun.objects.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_kept(administrator, town, monkeypatch):
    monkeypatch.setattr("organisation.forms.importing.LARGEST", 100)
    response = give(administrator, ANNA, ANNA)
    assert response.status_code == 422
    assert f"larger than {reading.LARGEST_MB} MB" in text_of(response)


def test_the_same_files_sent_twice_are_one_run(administrator, town):
    page = administrator.get(reverse("organisation:imports")).content.decode()
    key = re.search(r'name="submission_key" value="([^"]+)"', page)[1]
    first = give(administrator, ANNA, submission_key=key).url
    assert give(administrator, ANNA, submission_key=key).url == first
    assert give(administrator, ANNA, submission_key=key, is_full="on").url != first
    assert ImportRun.objects.count() == 2


def test_discarding(administrator, town):
    run = read(administrator, ANNA)
    response = administrator.post(page_of(run), {"discard": "1"})
    assert response.url == reverse("organisation:imports")
    run.refresh_from_db()
    assert run.state == ImportState.DISCARDED
    assert "nothing was written" in text_of(administrator.get(page_of(run)))


def test_where_many_leave_it_must_be_seen(administrator, town):
    import_now(town.municipality, people=[f"{n};P {n};p{n}@exempelby.example.se;care-north" for n in range(12)])
    run = read(administrator, "0;P 0;p0@exempelby.example.se;care-north", is_full="on")
    assert "I have seen that 11 of 12 employees leave" in text_of(administrator.get(page_of(run)))
    refused = administrator.post(page_of(run), {"digest": run.digest})
    assert refused.status_code == 422
    assert "Tick that you have seen how many leave." in text_of(refused)
    run.refresh_from_db()
    assert run.state == ImportState.READY
    assert confirmed(administrator, run, seen="on").state == ImportState.WRITTEN


def test_what_has_changed_since_is_shown_and_asked_for_again(administrator, town):
    run = read(administrator, ANNA)
    administrator.post(page_of(run), {"digest": run.digest})
    import_now(town.municipality, people=["100;Anna Annan;anna@exempelby.example.se;care-north"])
    run.refresh_from_db()
    carry_out(run)
    shown = text_of(administrator.get(page_of(run)))
    assert "The portal has changed since you confirmed, so nothing was written." in shown
    assert "name: Anna Annan → Anna Provgren" in shown


def test_hand_over_of_those_who_left_names_the_case_by_number_alone(administrator, town):
    import_now(town.municipality, people=[ANNA, "101;Bo;bo@exempelby.example.se;care-north"])
    anna = User.objects.get(external_id="100")
    manager = make_seat(town.bodies["care-south"], SeatKind.UNIT_MANAGER)
    appoint(anna, manager)
    case = incidents.report(town, by="employee", at="care-south", text=CANARY)
    run = read(administrator, "101;Bo;bo@exempelby.example.se;care-north", is_full="on")
    run = confirmed(administrator, run)
    page = administrator.get(page_of(run)).content.decode()
    shown = text_of(administrator.get(page_of(run)))
    assert "To hand over after those who left Anna Provgren" in shown
    assert f"Open cases: {case.label}" in shown
    assert CANARY not in page
    assert reverse("incidents:case", args=[case.public_id]) not in page


def test_templates_have_the_headings_that_are_read(administrator, town):
    for kind in ("bodies", "people", "seats", "headcounts"):
        response = administrator.get(reverse("organisation:import_template", args=[kind]))
        content = response.getvalue()
        problems: list = []
        table = reading.read_table(reading.FileKind(kind), content, problems)
        assert not problems
        assert not table.unknown
    assert administrator.get(reverse("organisation:import_template", args=["cases"])).status_code == 404


@pytest.mark.parametrize("role", ["employee", "head", "safety_coordinator", "chief_executive", "outside_member"])
def test_others_see_nothing_of_it(client, town, administrator, role):
    run = read(administrator, ANNA)
    client.force_login(town.people[role])
    assert client.get(reverse("organisation:imports")).status_code == 403
    assert give(client, ANNA).status_code == 403
    assert client.get(reverse("organisation:import_template", args=["people"])).status_code == 403
    for url in (page_of(run), reverse("organisation:import_errors", args=[run.public_id])):
        assert client.get(url).status_code == 404
    assert client.post(page_of(run), {"digest": run.digest}).status_code == 404


def test_another_municipality_sees_nothing_of_it(client, town, administrator):
    run = read(administrator, ANNA)
    client.force_login(make_municipality("Grannby kommun").administrator)
    assert client.get(page_of(run)).status_code == 404
    assert client.post(page_of(run), {"discard": "1"}).status_code == 404
    assert "Provgren" not in text_of(client.get(reverse("organisation:imports")))


def test_the_list_asks_as_much_for_many_as_for_one(administrator, town):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert administrator.get(reverse("organisation:imports")).status_code == 200
        return len(captured)

    read(administrator, ANNA)
    asked()
    one = asked()
    for number in range(4):
        read(administrator, f"10{number};P;p{number}@exempelby.example.se;care-north")
    assert asked() == one


def test_the_result_asks_as_much_for_many_hand_overs_as_for_one(administrator, town):
    def asked(number: int) -> int:
        units = [f"u{n};Enhet {n};enhet;care-dept" for n in range(number)]
        people = [f"{n};P {n};p{n}@exempelby.example.se;u{n}" for n in range(number)]
        seats = [f"{n};;unit-manager;u{n};2026-01-01" for n in range(number)]
        import_now(town.municipality, town.administrator, bodies=units, people=people, seats=seats)
        run = confirmed(administrator, read(administrator, full=True, is_full="on"), seen="on")
        assert len(run.handover) == number
        with CaptureQueriesContext(connection) as captured:
            administrator.get(page_of(run))
        return len(captured)

    assert asked(1) == asked(5)
