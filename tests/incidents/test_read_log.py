"""Who has opened what: noted for everybody but the reporter, shown to the reporter and to the officer."""

from datetime import timedelta

import pytest

from incidents.models import ReadLog
from incidents.services.reading import note_reading
from organisation import clock
from tests.factories.incidents import read, report
from tests.reading import text_of

pytestmark = pytest.mark.django_db
CANARY = "kanariefågel-i-läsloggen"


@pytest.fixture
def case(town):
    return report(town, text=CANARY)


def test_each_opening_is_noted_once_an_hour_per_thing(town, case, monkeypatch):
    for what in (ReadLog.What.ATTACHMENT, ReadLog.What.ATTACHMENT, ReadLog.What.PAPER):
        note_reading(incident=case, what=what, by=town.unit_manager)
    assert list(case.readings.values_list("what", flat=True)) == ["attachment", "paper"]
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    note_reading(incident=case, what=ReadLog.What.PAPER, by=town.unit_manager)
    assert case.readings.count() == 3


def test_the_reporters_own_look_is_not(town, case):
    note_reading(incident=case, what=ReadLog.What.PAPER, by=town.employee)
    assert not case.readings.exists()


def test_the_reporter_sees_titles_and_moments_and_no_names(town, case, as_):
    read(case, town.unit_manager)
    note_reading(incident=case, what=ReadLog.What.EXPORT, by=town.head)
    page = text_of(as_("employee").get(f"/incidents/{case.public_id}/readings/"))
    for told in ("Enhetschef, Ängsgläntans hemtjänst", "Förvaltningschef, Äldreförvaltningen"):
        assert told in page
    assert town.unit_manager.name not in page
    assert (
        f"/incidents/{case.public_id}/readings/"
        in as_("employee").get(f"/incidents/{case.public_id}/").content.decode()
    )


@pytest.mark.parametrize("role", ["unit_manager", "head", "safety_coordinator"])
def test_others_do_not_see_the_reporters_page(town, case, as_, role):
    assert as_(role).get(f"/incidents/{case.public_id}/readings/").status_code == 403


def test_the_officer_sees_number_and_reader_and_no_word_of_the_case(town, case, as_):
    read(case, town.unit_manager)
    page = as_("data_protection_officer").get("/incidents/readings/")
    words = text_of(page)
    for told in (case.label, town.unit_manager.name, "Enhetschef, Ängsgläntans hemtjänst"):
        assert told in words
    for hidden in (CANARY, town.employee.name, "Ärendenamn"):
        assert hidden not in words
    assert as_("data_protection_officer").get(f"/incidents/{case.public_id}/").status_code == 404


def test_a_case_that_is_kept_from_the_officer_is_not_there(town, case, as_):
    read(case, town.unit_manager)
    case.withheld.create(person=town.data_protection_officer, at=clock.now())
    assert case.label not in text_of(as_("data_protection_officer").get("/incidents/readings/"))


def test_another_municipalitys_readings_are_not_there(town, other_town, as_):
    foreign = report(other_town)
    read(foreign, other_town.unit_manager)
    assert other_town.unit_manager.name not in as_("administrator").get("/").content.decode()
    assert not as_("data_protection_officer").get("/incidents/readings/").context["rows"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"number": "{label}"}, 2),
        ({"number": "h-1999-0001"}, 0),
        ({"reader": "{email}"}, 1),
        ({"reader": "ingen@example.se"}, 0),
        ({"day_day": "{day}", "day_month": "{month}", "day_year": "{year}"}, 2),
        ({"day_day": "1", "day_month": "1", "day_year": "2001"}, 0),
        ({"number": "vad som helst"}, 2),
    ],
)
def test_the_officer_finds_by_case_person_and_day(town, case, as_, asked, found):
    read(case, town.unit_manager)
    note_reading(incident=case, what=ReadLog.What.PAPER, by=town.head)
    today = clock.today()
    known = {"label": case.label, "email": town.head.email.upper(), "day": today.day, "month": today.month}
    filled = {name: word.format(**known, year=today.year) for name, word in asked.items()}
    page = as_("data_protection_officer").get("/incidents/readings/", filled)
    assert len(page.context["rows"]) == found


def test_the_list_costs_the_same_however_long(town, case, as_, django_assert_max_num_queries):
    now = clock.now()
    ReadLog.objects.bulk_create(
        ReadLog(incident=case, by=town.head, at=now - timedelta(minutes=place)) for place in range(60)
    )
    client = as_("data_protection_officer")
    client.get("/incidents/readings/")
    with django_assert_max_num_queries(10):
        page = client.get("/incidents/readings/")
    assert len(page.context["rows"]) == 25
    assert len(client.get(f"/incidents/readings/{page.context['older_url']}").context["rows"]) == 25


def test_control_a_reading_that_nobody_notes_is_missed(town, case, monkeypatch):
    monkeypatch.setattr("incidents.services.reading.ReadLog.objects.create", lambda **_row: None)
    with pytest.raises(AssertionError):
        test_each_opening_is_noted_once_an_hour_per_thing(town, case, monkeypatch)
