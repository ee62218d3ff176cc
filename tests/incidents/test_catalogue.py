"""The catalogue and its question sets: read from files, checked, versioned; answers kept by their class."""

import re
from datetime import time

import pytest
from django.core.management import CommandError, call_command

from incidents import catalogue
from incidents.catalogue import CATALOGUE, REQUIRED, Kept, SetsError, Type, packaged_sets, read_folder
from incidents.catalogue.reading import PACKAGED
from incidents.catalogue.words import in_words
from incidents.loading import QUESTIONS
from incidents.models import Incident, IncidentKind, OpenAnswer, Place, QuestionSet
from incidents.services import load_question_sets, set_for, set_of
from tests.factories.incidents import report


@pytest.fixture
def folder(tmp_path):
    """A folder with the portal's set about threats, to be changed."""
    (tmp_path / "threat.yaml").write_text((PACKAGED / "threat.yaml").read_text())
    return tmp_path


def changed(folder, old, new):
    path = folder / "threat.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return folder


def errors_of(folder):
    with pytest.raises(SetsError) as refused:
        read_folder(folder)
    return refused.value.errors


class TestCatalogue:
    def test_what_is_counted_names_a_column_of_the_case(self):
        columns = {field.name for field in Incident._meta.get_fields()}
        assert {question.column for question in CATALOGUE.values() if question.column} <= columns

    def test_choices_fit_their_columns(self):
        for question in CATALOGUE.values():
            if question.column and question.choices:
                assert question.values == {value for value, _label in Incident._meta.get_field(question.column).choices}

    def test_own_words_and_names_have_no_column_in_the_case(self):
        assert not [one.key for one in CATALOGUE.values() if one.kept is not Kept.OPEN and one.column]
        assert not [one.key for one in CATALOGUE.values() if one.type is Type.WORDS and one.kept is Kept.OPEN]

    def test_what_is_required_exists(self):
        assert CATALOGUE.keys() >= REQUIRED

    def test_the_clocks_ask_for_nothing_that_a_set_can_drop(self):
        from incidents.clocks.keys import OPEN_KEYS

        assert set(OPEN_KEYS) <= REQUIRED
        assert {"injury", "injury_degree", "injured_count", "affected"} <= REQUIRED

    @pytest.mark.parametrize(
        ("key", "answer", "words"),
        [
            ("place", "home_visit", str(Place.HOME_VISIT.label)),
            ("expression", ["verbal", "physical"], ", "),
            ("working_alone", True, "Ja|Yes"),
            ("working_alone", False, "Nej|No"),
            ("occurred_at", time(14, 30), "14.30|14:30"),
            ("injured_count", 2, "2"),
            ("course", "Så var det.", "Så var det."),
            ("working_alone", None, ""),
        ],
    )
    def test_answers_are_told_in_words(self, key, answer, words):
        assert re.search(words, in_words(CATALOGUE[key], answer)) if words else not in_words(CATALOGUE[key], answer)


class TestFiles:
    def test_every_kind_has_a_set(self):
        assert packaged_sets().keys() == set(IncidentKind.values)

    def test_a_required_question_can_not_be_dropped(self, folder):
        (error,) = errors_of(changed(folder, "  - injury_degree\n", ""))
        assert (error.path, error.line) == ("injury_degree", 2)
        assert str(folder / "threat.yaml:2") in str(error)

    def test_control_without_the_check_it_can(self, folder, monkeypatch):
        monkeypatch.setattr("incidents.catalogue.reading.REQUIRED", frozenset())
        found = read_folder(changed(folder, "  - injury_degree\n", ""))
        assert "injury_degree" not in {one.key for one in found["threat"]}

    @pytest.mark.parametrize(
        ("old", "new", "path"),
        [
            ("  - place\n", "  - plats\n", "plats"),
            ("  - place\n", "  - place\n  - place\n", "place"),
            ("  - place\n", "  - key: place\n    de: Wo?\n", "place.de"),
            ("  - place\n", "  - key: place\n    sv: ''\n", "place.sv"),
            ("  - place\n", "  - place\n  - key: free_hiss\n    sv: Var hissen igång?\n", "free_hiss"),
            ("  - place\n", "  - place\n  - sv: Vad?\n", "main.key"),
            ("main:", "mian:", "mian"),
            ("kind: threat", "kind: hot", "kind"),
        ],
    )
    def test_a_mistake_is_named_with_file_line_and_key(self, folder, old, new, path):
        errors = errors_of(changed(folder, old, new))
        assert path in {error.path for error in errors}
        assert all(error.line > 0 and error.file.endswith("threat.yaml") for error in errors)

    @pytest.mark.parametrize("text", ["", "- a\n", "kind: [\n", "kind: &a threat\n", "main: wants_contact\n"])
    def test_a_broken_file_is_refused_in_words(self, tmp_path, text):
        (tmp_path / "x.yaml").write_text(text)
        assert errors_of(tmp_path)

    def test_an_empty_folder_is_refused(self, tmp_path):
        assert errors_of(tmp_path)

    def test_own_words_and_own_questions(self, folder):
        changed(folder, "  - place\n", "  - key: place\n    sv: Var var du?\n")
        changed(folder, "main:\n", "main:\n  - key: free_hiss\n    sv: Var hissen igång?\n    en: Did the lift run?\n")
        asked = {one.key: one for one in read_folder(folder)["threat"]}
        assert asked["place"].label == "Var var du?"
        assert asked["free_hiss"].question.kept is Kept.NARRATIVE


@pytest.mark.django_db
class TestVersions:
    def test_a_municipality_without_sets_asks_the_portals_own(self, town):
        assert set_for(town.municipality, "fire").digest == packaged_sets()["fire"].digest
        assert not QuestionSet.objects.exists()

    def test_the_first_answers_write_the_version_down(self, town):
        incident = report(town, answers={"place": "workplace"})
        again = report(town, answers={"place": "workplace"})
        assert (incident.question_set.version, incident.question_set.kind) == (1, "threat")
        assert again.question_set == incident.question_set

    def test_without_answers_no_questions_were_asked(self, town):
        assert report(town).question_set is None

    def test_a_changed_file_is_a_new_version_and_old_reports_keep_theirs(self, town, folder):
        load_question_sets(municipality=town.municipality, sets=packaged_sets().values())
        old = report(town, answers={"place": "workplace"})
        changed(folder, "  - place\n", "  - key: place\n    sv: Var var du?\n")
        (written,) = load_question_sets(municipality=town.municipality, sets=read_folder(folder).values())
        new = report(town, answers={"place": "workplace"})
        assert (old.question_set.version, new.question_set.version, written.version) == (1, 2, 2)
        words = {one.key: str(one.label) for one in set_of(old)}
        assert words["place"] != "Var var du?"
        assert {one.key: str(one.label) for one in set_of(new)}["place"] == "Var var du?"

    def test_the_same_files_again_write_nothing(self, town):
        sets = packaged_sets().values()
        assert len(load_question_sets(municipality=town.municipality, sets=sets)) == len(IncidentKind)
        assert load_question_sets(municipality=town.municipality, sets=sets) == []

    def test_loading_a_municipality_leaves_its_own_sets(self, town, folder):
        changed(folder, "  - place\n", "  - key: place\n    sv: Var var du?\n")
        load_question_sets(municipality=town.municipality, sets=read_folder(folder).values())
        QUESTIONS.follow(town.municipality, {"bodies"})
        assert QuestionSet.objects.filter(kind="threat").count() == 1
        assert {one.key: str(one.label) for one in set_for(town.municipality, "threat")}["place"] == "Var var du?"
        assert QuestionSet.objects.count() == len(IncidentKind)

    def test_a_question_that_the_catalogue_has_lost_is_left_out(self):
        found = catalogue.set_from("threat", [{"key": "gone"}, {"key": "place", "group": "more"}])
        assert [one.key for one in found] == ["place"]

    def test_the_command(self, town, other_town, folder, capsys):
        call_command("load_question_sets", str(folder), municipality=town.municipality.key)
        assert "threat 1" in capsys.readouterr().out
        assert set(QuestionSet.objects.values_list("municipality", flat=True)) == {town.municipality.pk}
        call_command("load_question_sets", str(folder), check=True)
        changed(folder, "  - injury\n", "")
        with pytest.raises(CommandError, match="threat.yaml"):
            call_command("load_question_sets", str(folder))
        with pytest.raises(CommandError):
            call_command("load_question_sets", municipality="nowhere")


@pytest.mark.django_db
def test_answers_are_kept_by_their_class(town):
    incident = report(
        town,
        answers={
            "injury": "physical",
            "injured_count": 2,
            "occurred_at": time(14, 30),
            "working_alone": False,
            "expression": ["verbal"],
            "course": "  Det var kö. ",
            "witness_name": "Vera Vittnesson",
            "free_unknown": "Eget svar",
            "not_in_the_catalogue": "x",
            "place": "",
        },
    )
    incident.refresh_from_db()
    assert (incident.injury, incident.injured_count, incident.working_alone) == ("physical", 2, False)
    assert incident.place == ""
    assert incident.occurred_at == time(14, 30)
    assert dict(OpenAnswer.objects.values_list("key", "value")) == {"expression": ["verbal"]}
    assert dict(incident.narratives.values_list("key", "text")) == {
        "course": "Det var kö.",
        "free_unknown": "Eget svar",
    }
    assert incident.identities.get(role="witness").name == "Vera Vittnesson"


@pytest.mark.django_db
def test_damage_that_hurt_somebody_affects_persons(town):
    assert not report(town, kind=IncidentKind.VANDALISM).affects_persons
    assert report(town, kind=IncidentKind.VANDALISM, answers={"injury": "physical"}).affects_persons
