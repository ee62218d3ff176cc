"""Loading municipality files: all or nothing, again without a change, and never over what a person has written."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisation.loading import FilesError, LoadError, load_files
from organisation.models import ALWAYS, Body, BodyClosure, LoadedRow, Municipality, Placement, Ruleset, Seat, SeatType
from organisation.tree import place_body
from policies.models import Area, DocumentVersion
from risks.models import Assessment, Risk, Scale
from tests.factories.organisation import make_user

pytestmark = pytest.mark.django_db

PROVBY = """\
schema: 1
municipality:
  key: provby
  name: Provby
  code: "0098"
  election: {every_years: 4, last: 2026-09-13}
rulesets:
  - {from: 2020-01-01, persons_rank: highest}
bodies:
  - {key: fullmaktige, kind: council, name: Fullmäktige}
  - {key: styrelsen, kind: board, name: Styrelsen, parent: fullmaktige}
  - {key: skolnamnden, kind: committee, name: Skolnämnden, parent: fullmaktige}
  - {key: omsorgsnamnden, kind: committee, name: Omsorgsnämnden, parent: fullmaktige}
  - {key: kontoret, kind: department, name: Kontoret, parent: skolnamnden}
  - {key: gardet, kind: unit, name: Gärdets skola, parent: kontoret}
seat_types:
  - {key: chef, title: Förvaltningschef, kind: head, sits_at: department, falls_back_to: ordforande}
  - {key: ordforande, title: Ordförande, kind: chair, sits_at: committee}
  - {key: rektor, title: Rektor, kind: unit_manager, sits_at: [unit, kontoret], reports_to: chef}
areas:
  - {key: skola, name: Trygg skola}
scales:
  - key: skalan
    name: Skalan
    likelihood: [sällan, ofta]
    consequence: [liten, stor]
    bands:
      - {key: lag, word: låg, severity: 1}
      - {key: hog, word: hög, severity: 4}
    matrix:
      - [lag, hog]
      - [lag, lag]
documents:
  - key: policyn
    kind: policy
    title: Policyn
    owner: board
    versions:
      - {version: "1", from: 2020-01-01, decision: {body: council, date: 2019-12-01, section: § 7, dnr: PB 1}}
reporting: {promise_days: 2}
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write Provby's file with texts changed: ``write(("old", "new"), …)``."""

    def write_file(*changes: tuple[str, str], name: str = "provby.yaml") -> Path:
        text = PROVBY
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def rows_of_everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every model of the house, history too."""
    ours = ("organisation", "policies", "risks")
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.app_label in ours
    }


def test_a_file_becomes_bodies_places_seats_and_words(write):
    (report,) = load_files([write()])

    municipality = Municipality.objects.get(key="provby")
    assert (municipality.name, municipality.code, municipality.last_election) == (
        "Provby",
        "0098",
        dt.date(2026, 9, 13),
    )
    assert report.unchanged.total() == 0
    assert report.created["body"] == 6
    school = Body.objects.get(key="gardet")
    assert Placement.objects.get(body=school).parent.key == "kontoret"
    assert Placement.objects.get(body=school).valid_from == ALWAYS
    above = BodyClosure.objects.filter(descendant=school).values_list("ancestor__key", flat=True)
    assert set(above) == {"gardet", "kontoret", "skolnamnden"}
    rules = municipality.rules(dt.date(2026, 1, 1))
    assert (rules.persons_rank, rules.answer_within_days) == ("highest", 2)
    assert Area.objects.get().name == "Trygg skola"
    version = DocumentVersion.objects.get()
    owner = version.document.owner
    assert owner
    assert (version.decided_by, version.section, owner.key) == ("Fullmäktige", "§ 7", "styrelsen")
    scale = Scale.objects.get()
    assert (scale.band(1, 2).key, scale.band(2, 1).key, scale.band(2, 2).key) == ("lag", "lag", "hog")


def test_the_promise_to_safety_representatives_is_the_files_or_two_weeks(write):
    load_files([write()])
    municipality = Municipality.objects.get(key="provby")
    assert municipality.rules(dt.date(2026, 1, 1)).request_answer_days == 14

    load_files([write(("persons_rank: highest", "persons_rank: highest, request_answer_days: 10"))])
    assert municipality.rules(dt.date(2026, 1, 1)).request_answer_days == 10


def test_a_promise_that_is_no_number_of_days_is_refused(write):
    with pytest.raises(FilesError):
        load_files([write(("persons_rank: highest", "persons_rank: highest, request_answer_days: 0"))])


def test_the_chain_of_an_escalated_case_is_read_in_order(write):
    steps = "[{seat: duty_officer, channel: webhook, minutes: 5}, {seat: chief_executive}]"
    load_files([write(("persons_rank: highest", f"persons_rank: highest, escalation: {steps}"))])
    settings = Municipality.objects.get(key="provby").rules(dt.date(2026, 1, 1)).settings
    assert settings["escalation"] == [
        {"seat": "duty_officer", "channel": "webhook", "minutes": 5},
        {"seat": "chief_executive", "channel": "mail", "minutes": 15},
    ]


def test_a_chain_that_names_another_seat_is_refused(write):
    with pytest.raises(FilesError):
        load_files([write(("persons_rank: highest", "persons_rank: highest, escalation: [{seat: chair}]"))])


def test_there_is_a_seat_at_every_body_where_the_seat_type_sits(write):
    load_files([write()])

    at = Seat.objects.filter(seat_type__key="rektor").values_list("body__key", flat=True)
    assert set(at) == {"gardet", "kontoret"}
    assert Seat.objects.filter(seat_type__key="ordforande").count() == 2
    assert SeatType.objects.get(key="chef").falls_back_to == SeatType.objects.get(key="ordforande")


def test_a_seat_ends_with_its_body(write):
    path = write(
        (
            "name: Gärdets skola, parent: kontoret}",
            "name: Gärdets skola, parent: kontoret, to: 2025-07-01, successor: kontoret}",
        )
    )
    load_files([path])

    assert Seat.objects.get(body__key="gardet").valid_to == dt.date(2025, 7, 1)


def test_the_same_file_again_writes_nothing(write):
    path = write()
    load_files([path])
    before = rows_of_everything()

    with CaptureQueriesContext(connection) as queries:
        (report,) = load_files([path])

    writes = [one["sql"] for one in queries if one["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert writes == []
    assert rows_of_everything() == before
    assert (report.created.total(), report.updated.total(), report.kept, report.gone) == (0, 0, [], [])


def test_a_row_that_nobody_has_touched_follows_the_file(write):
    load_files([write()])

    (report,) = load_files([write(("name: Trygg skola", "name: Trygghet i skolan"))])

    assert dict(report.updated)["area"] == 1
    assert report.updated.total() == 1
    area = Area.objects.get()
    assert area.name == "Trygghet i skolan"
    assert [row.name for row in area.history.all()] == ["Trygghet i skolan", "Trygg skola"]


def test_a_row_that_a_person_has_changed_is_kept_and_told(write):
    load_files([write()])
    Area.objects.update(name="Skolans egen trygghet")

    (report,) = load_files([write(("name: Trygg skola", "name: Trygghet i skolan"))])

    assert Area.objects.get().name == "Skolans egen trygghet"
    (kept,) = report.kept
    assert (kept.key, kept.columns) == ("skola", ("name",))


def test_force_overwrites_what_a_person_has_changed(write):
    """The control of the test above: without the protection the person's words are lost."""
    load_files([write()])
    Area.objects.update(name="Skolans egen trygghet")

    (report,) = load_files([write()], force=True)

    assert Area.objects.get().name == "Trygg skola"
    assert report.kept == []


def test_what_the_file_does_not_say_is_the_portals_own(write):
    load_files([write()])
    Seat.objects.filter(body__key="gardet").update(not_needed_reason="Skolan delar rektor.")

    (report,) = load_files([write()], force=True)

    assert report.updated.total() == 0
    assert Seat.objects.get(body__key="gardet").not_needed_reason == "Skolan delar rektor."


def test_a_row_that_a_person_has_removed_stays_away(write):
    load_files([write()])
    Area.objects.all().delete()

    (report,) = load_files([write()])
    assert not Area.objects.exists()
    assert [kept.key for kept in report.kept] == ["skola"]

    load_files([write()], force=True)
    assert Area.objects.exists()


def test_a_row_gone_from_the_file_is_told_and_stays(write):
    load_files([write()])

    (report,) = load_files([write(("areas:\n  - {key: skola, name: Trygg skola}\n", ""))], force=True)

    assert [gone.key for gone in report.gone] == ["skola"]
    assert Area.objects.exists()


BROKEN = {
    "unknown key": ("title: Rektor", "titel: Rektor"),
    "end before start": ("kind: unit, name", "kind: unit, from: 2026-01-01, to: 2025-01-01, name"),
    "loop": ("name: Kontoret, parent: skolnamnden", "name: Kontoret, parent: gardet"),
    "no such body": ("name: Kontoret, parent: skolnamnden", "name: Kontoret, parent: skolnämnden"),
    "too long for its column": ("name: Gärdets skola", f"name: {'Gärdet' * 30}"),
}


@pytest.mark.parametrize("mistake", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_leaves_the_database_untouched(write, mistake):
    load_files([write()])
    before = rows_of_everything()
    good = write(("name: Trygg skola", "name: Trygghet i skolan"), ("key: provby", "key: annanby"), name="good.yaml")
    broken = write(mistake, name="broken.yaml")

    with pytest.raises(FilesError) as raised:
        load_files([good, broken])

    assert rows_of_everything() == before
    assert raised.value.errors
    assert all(error.file == "broken.yaml" and error.line > 1 for error in raised.value.errors)


def test_all_errors_of_all_files_are_told_with_their_places(write, capsys):
    one = write(("title: Rektor", "titel: Rektor"), name="one.yaml")
    two = write(("name: Kontoret, parent: skolnamnden", "name: Kontoret, parent: gardet"), name="two.yaml")

    with pytest.raises(CommandError) as raised:
        call_command("load_municipality", one, two)

    told = str(raised.value)
    assert raised.value.returncode == 1
    assert "one.yaml:19: seat_types[rektor].titel: " in told
    assert "two.yaml:14: bodies[kontoret].parent: " in told


def test_two_files_of_one_municipality_in_one_run_are_refused(write):
    with pytest.raises(FilesError, match=r"second.yaml:3: municipality.key"):
        load_files([write(), write(name="second.yaml")])


def test_what_the_database_refuses_rolls_all_files_back(write, monkeypatch):
    load_files([write()])
    before = rows_of_everything()
    # A person has placed the committee's own office above the committee: the file can't know.
    school, office = Body.objects.get(key="skolnamnden"), Body.objects.get(key="kontoret")
    Placement.objects.filter(body=school).update(valid_to=dt.date(2030, 1, 1))
    place_body(body=school, parent=Body.objects.get(key="omsorgsnamnden"), valid_from=dt.date(2030, 1, 1))
    moved = rows_of_everything()
    assert moved != before
    path = write(
        (
            "name: Omsorgsnämnden, parent: fullmaktige}",
            "name: Omsorgsnämnden, parent: fullmaktige}\n  - {key: nytt, kind: department, name: Nytt, parent: gardet}",
        ),
        ("{key: omsorgsnamnden, kind: committee", "{key: omsorgsnamnden, kind: department"),
        ("name: Omsorgsnämnden, parent: fullmaktige}", "name: Omsorgsnämnden, parent: kontoret}"),
    )
    other = write(("key: provby", "key: annanby"), name="annanby.yaml")

    with pytest.raises(LoadError, match=r"provby.yaml"):
        load_files([other, path])

    assert office.placements.count() == 1
    assert rows_of_everything() == moved


def test_a_body_that_moves_gets_a_second_place(write):
    load_files([write()])
    path = write(
        (
            "name: Kontoret, parent: skolnamnden}",
            "name: Kontoret, placements: [{parent: skolnamnden, to: 2026-01-01}, "
            "{parent: omsorgsnamnden, from: 2026-01-01}]}",
        )
    )

    (report,) = load_files([path])

    places = Placement.objects.filter(body__key="kontoret").values_list("parent__key", "valid_from", "valid_to")
    day = dt.date(2026, 1, 1)
    assert list(places.order_by("valid_from")) == [("skolnamnden", ALWAYS, day), ("omsorgsnamnden", day, None)]
    assert report.gone == []
    school = Body.objects.get(key="gardet")
    assert BodyClosure.objects.filter(descendant=school, ancestor__key="omsorgsnamnden").exists()


def test_a_corrected_first_day_is_the_same_row(write):
    load_files([write()])
    rules = Ruleset.objects.get()

    (report,) = load_files([write(("from: 2020-01-01, persons_rank", "from: 2021-03-01, persons_rank"))])

    assert Ruleset.objects.get().pk == rules.pk
    assert Ruleset.objects.get().valid_from == dt.date(2021, 3, 1)
    assert report.gone == []
    assert not LoadedRow.objects.filter(noun="ruleset", key="2020-01-01").exists()


def test_a_boundary_that_moves_either_way_never_overlaps(write):
    placements = (
        "name: Kontoret, parent: skolnamnden}",
        "name: Kontoret, placements: [{{parent: skolnamnden, to: {0}}}, {{parent: omsorgsnamnden, from: {0}}}]}}",
    )
    for day in ("2026-01-01", "2025-01-01", "2027-01-01"):
        load_files([write((placements[0], placements[1].format(day)))])
        starts = Placement.objects.filter(body__key="kontoret").values_list("valid_from", flat=True)
        assert set(starts) == {ALWAYS, dt.date.fromisoformat(day)}


def test_a_place_that_a_person_has_given_is_not_overlapped(write):
    load_files([write()])
    office = Body.objects.get(key="kontoret")
    Placement.objects.filter(body=office).update(valid_to=dt.date(2026, 3, 1))
    place_body(body=office, parent=Body.objects.get(key="omsorgsnamnden"), valid_from=dt.date(2026, 3, 1))

    (report,) = load_files([write()], force=True)

    assert [kept.key for kept in report.kept] == ["kontoret/1971-01-01"]
    assert Placement.objects.filter(body=office).in_force(dt.date(2026, 6, 1)).count() == 1


def test_a_scale_that_risks_are_judged_on_is_never_rewritten(write):
    load_files([write()])
    scale, body = Scale.objects.get(), Body.objects.get(key="gardet")
    person = make_user(body.municipality)
    risk = Risk.objects.create(
        municipality=body.municipality,
        body=body,
        year=2026,
        number=1,
        title="Halt",
        created_by=person,
        created_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )
    Assessment.objects.create(
        municipality=body.municipality,
        risk=risk,
        stage="before",
        scale=scale,
        likelihood=1,
        consequence=2,
        band="lag",
        assessed_on=dt.date(2026, 1, 1),
        by=person,
    )
    rewritten = ("      - [lag, lag]", "      - [lag, hog]")

    (report,) = load_files([write(rewritten)], force=True)
    assert [kept.key for kept in report.kept] == ["skalan"]
    assert Scale.objects.get().cells == [["lag", "lag"], ["lag", "hog"]]

    load_files([write(("name: Skalan", "name: Skalan, omskriven"))])
    assert Scale.objects.get().name == "Skalan, omskriven"

    risk.assessments.all().delete()  # the control: a scale that nobody has used follows the file
    load_files([write(rewritten)])
    assert Scale.objects.get().cells == [["lag", "hog"], ["lag", "hog"]]


def test_every_row_has_its_history(write):
    load_files([write()])

    for model in (Body, Placement, Seat, SeatType, Ruleset, Area, Scale, DocumentVersion, Municipality):
        assert model.history.count() == model._default_manager.count(), model
