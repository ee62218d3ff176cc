"""Municipality files that are right: the five, the invented one, and the example in the documentation."""

import datetime as dt
import re
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisation.municipality_file import kinds, nouns, parse
from organisation.municipality_file.checks.sources import entries_in
from organisation.municipality_file.nouns.base import Actor, Dated, Entry, Sourced
from organisation.municipality_file.reader import schema_of

ROOT = Path(__file__).parents[2]
MUNICIPALITIES = ROOT / "organisation" / "municipalities"
EXEMPELBY = ROOT / "tests" / "data" / "exempelby.yaml"
DOCUMENTATION = (ROOT / "docs" / "municipality-file.md").read_text(encoding="utf-8")

REQUIREMENTS = {
    "mjolby": range(1, 33),
    "harjedalen": range(33, 58),
    "sodertalje": range(58, 134),
    "mark": range(134, 186),
    "tyreso": range(186, 212),
}


def municipality(key: str) -> nouns.MunicipalityFile:
    return parse(MUNICIPALITIES / f"{key}.yaml")


@pytest.mark.parametrize("key", REQUIREMENTS)
def test_every_requirement_of_a_municipality_is_cited_in_its_file_and_no_other(key: str) -> None:
    cited = {source for entry in entries_in(municipality(key)) for source in entry.source}
    assert cited == {f"R{number}" for number in REQUIREMENTS[key]}


def test_there_is_a_file_for_each_municipality_of_the_requirements() -> None:
    assert {path.stem for path in MUNICIPALITIES.glob("*.yaml")} == set(REQUIREMENTS)


@pytest.mark.parametrize("key", REQUIREMENTS)
def test_what_a_file_says_is_from_the_document_has_a_source(key: str) -> None:
    file = municipality(key)
    entries = (*file.bodies, *file.seat_types, *file.areas, *file.protected_values, *file.dimensions, *file.goals)
    others = (*file.laws, *file.scales, *file.documents, *file.responsibilities, *file.reading_duties)
    clauses = [clause for document in file.documents for version in document.versions for clause in version.clauses]
    rules = [entry for entry in entries_in(file) if isinstance(entry, Sourced) and entry.value is not None]
    assert [
        entry.at.path for entry in (*entries, *others, *clauses, *rules) if entry.from_document and not entry.source
    ] == []


@pytest.mark.parametrize("key", REQUIREMENTS)
def test_a_municipality_has_enough_to_be_tried_with(key: str) -> None:
    file = municipality(key)
    units = [body for body in file.bodies if body.kind == "unit"]
    seats = {seat_type.kind for seat_type in file.seat_types}
    assert 12 <= len(units) <= 25
    assert not any(unit.from_document for unit in units)
    assert {"chair", "secretary", "head", "unit_manager", "unit_ombud", "employee", "administrator"} <= seats
    assert file.scales
    assert file.reporting.promise_days.value


@pytest.mark.parametrize("key", ["mjolby", "harjedalen", "mark", "tyreso"])
def test_a_file_without_oddities_has_no_warnings(key: str) -> None:
    assert municipality(key).warnings == ()


def test_a_guideline_older_than_its_policy_is_a_warning() -> None:
    """R59: the documents have these dates, so they are kept and flagged."""
    (warning,) = municipality("sodertalje").warnings
    assert warning.path == "documents[riktlinjer].versions[1].decision.date"
    assert "1998-08-28" in warning.message
    assert "1998-09-28" in warning.message


def test_the_municipalities_answer_differently_where_their_documents_disagree() -> None:
    rules = {key: municipality(key).rulesets[0] for key in REQUIREMENTS}
    adopts = {key: rule.adopts.policy.value.key if rule.adopts.policy.value else None for key, rule in rules.items()}
    assert adopts == {"mjolby": None, "harjedalen": "board", "sodertalje": "council", "mark": "council", "tyreso": None}
    assert [rule.persons_rank.value for rule in rules.values()] == ["highest", None, None, "high", None]
    assert [rule.companies_in_scope.value for rule in rules.values()] == [None, None, None, True, True]
    assert rules["sodertalje"].ombud_minimum.value == 0
    assert rules["tyreso"].ombud_minimum.value == 1
    assert rules["mjolby"].review.rule == "first_year_of_term"
    assert rules["mark"].followup_anchor.value == "annual_accounts"


def test_the_coordinator_has_the_title_and_the_fallback_of_its_municipality() -> None:
    coordinators = {
        key: next(seat for seat in municipality(key).seat_types if seat.kind == "department_coordinator")
        for key in ("harjedalen", "sodertalje", "tyreso")
    }
    assert [seat.title for seat in coordinators.values()] == [
        "Förvaltningssamordnare",
        "Säkerhetshandläggare",
        "Säkerhetssamordnare",
    ]
    assert [seat.falls_back_to for seat in coordinators.values()] == ["forvaltningschef", "forvaltningschef", None]
    assert coordinators["harjedalen"].appointed_by == Actor(kinds.ActorKind.BODY_KIND, "department")
    assert coordinators["tyreso"].appointed_by == Actor(kinds.ActorKind.SEAT_TYPE, "forvaltningschef")


def test_the_invented_municipality_looks_like_none_of_the_five() -> None:
    file = parse(EXEMPELBY)
    parents = {body.key: body.standing()[-1].parent for body in file.bodies if body.standing()}
    departments = {body.key for body in file.bodies if body.kind == "department"}
    levels, body = 0, "distrikt_norr"
    while body in departments:
        levels, body = levels + 1, parents[body]
    scale = file.scales[0]
    assert (len(file.areas), len(file.dimensions), levels) == (4, 2, 4)
    assert (len(scale.likelihood), len(scale.consequence)) == (3, 6)
    assert not any(body.kind == "company" for body in file.bodies)
    assert file.warnings == ()


def test_a_value_is_kept_as_it_was_typed() -> None:
    versions = {key: municipality(key).documents for key in ("mark", "mjolby")}
    policy = next(document for document in versions["mark"] if document.kind == "policy").versions[0]
    replaced = next(document for document in versions["mjolby"] if document.kind == "policy").versions[0].replaces[0]
    assert [review.section for review in policy.reviews] == ["§ 26", "139/2023"]
    assert replaced.decision is not None
    assert (replaced.decision.section, replaced.decision.dnr) == ("§ 11", "2006.24")
    assert municipality("sodertalje").municipality.code == "0181"


def test_a_group_gives_its_values_to_every_item_and_an_item_may_say_otherwise(tmp_path: Path) -> None:
    text = EXEMPELBY.read_text(encoding="utf-8").replace(
        "{key: parkdrift, name: Parkdrift, parent: sektor_plats}",
        "{key: parkdrift, name: Parkdrift, parent: sektor_plats, from_document: true}",
    )
    path = tmp_path / "grupp.yaml"
    path.write_text(text, encoding="utf-8")
    bodies = {body.key: body for body in parse(path).bodies}
    assert bodies["tallkottens_skola"].kind == kinds.BodyKind.UNIT
    assert bodies["tallkottens_skola"].parent == "distrikt_norr"
    assert not bodies["tallkottens_skola"].from_document
    assert bodies["parkdrift"].from_document


def test_a_body_that_was_moved_stands_in_each_place_in_its_time() -> None:
    moved = next(body for body in parse(EXEMPELBY).bodies if body.key == "sektor_valfard")
    day = dt.date(2025, 1, 1)
    assert [place.parent for place in moved.standing() if place.holds_on(day - dt.timedelta(1))] == ["barnnamnden"]
    assert [place.parent for place in moved.standing() if place.holds_on(day)] == ["valfardsnamnden"]


def test_every_entry_knows_its_line() -> None:
    lines = EXEMPELBY.read_text(encoding="utf-8").splitlines()
    for body in parse(EXEMPELBY).bodies:
        assert f"key: {body.key}" in lines[body.at.line - 1]
        assert body.at.path == f"bodies[{body.key}]"


def test_the_matrix_is_asked_from_the_lowest_level() -> None:
    scale = parse(EXEMPELBY).scales[0]
    assert scale.band(1, 1).key == "gron"
    assert scale.band(1, 6).key == "rod"
    assert scale.band(3, 2).key == "gul"


def test_a_level_may_mean_something_of_its_own_on_each_dimension() -> None:
    level = parse(EXEMPELBY).scales[0].consequence[2]
    assert level.word == "märkbar"
    assert [meaning.dimension for meaning in level.by_dimension] == ["liv", "fortroende"]


def test_the_review_falls_in_the_first_year_after_an_election() -> None:
    """R31: elections 2022 and 2026, so the next review is due in 2027."""
    election = nouns.Election(last=dt.date(2022, 9, 11))
    years = [election.first_year_of_term(dt.date(year, 11, 1)) for year in (2022, 2023, 2025, 2026, 2027)]
    assert years == [2019, 2023, 2023, 2023, 2027]


def example_in_documentation() -> str:
    after = DOCUMENTATION.split("## A complete small example")[1]
    (example,) = re.findall(r"```yaml\n(.*?)```", after, re.DOTALL)
    return str(example)


def test_the_example_in_the_documentation_is_right(tmp_path: Path) -> None:
    path = tmp_path / "lillby.yaml"
    path.write_text(example_in_documentation(), encoding="utf-8")
    file = parse(path)
    assert file.municipality.name == "Lillby"
    assert file.warnings == ()


def entry_classes() -> list[type[Entry]]:
    found = [getattr(nouns, name) for name in nouns.__all__]
    entries = [cls for cls in found if isinstance(cls, type) and issubclass(cls, Entry)]
    return [cls for cls in entries if cls not in (Entry, Dated, Sourced)]


@pytest.mark.parametrize("cls", entry_classes(), ids=lambda cls: cls.__name__)
def test_every_key_is_documented_in_one_table(cls: type[Entry]) -> None:
    keys = set(schema_of(cls)) - {"source", "from_document", "from", "to"}
    tables = [set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) for section in DOCUMENTATION.split("\n### ")]
    assert keys in tables


@pytest.mark.parametrize("cls", entry_classes(), ids=lambda cls: cls.__name__)
def test_the_documentation_says_which_keys_are_required(cls: type[Entry]) -> None:
    rules = schema_of(cls)
    keys = set(rules) - {"source", "from_document", "from", "to"}
    for section in DOCUMENTATION.split("\n### "):
        rows = dict(re.findall(r"^\| `(\w+)` \| [^|]* \| ([^|]*) \|", section, re.MULTILINE))
        if set(rows) == keys:
            required = {key for key, default in rows.items() if default == "**required**"}
            assert required == {key for key in keys if rules[key].required}


@pytest.mark.parametrize(
    "words", [kind for kind in vars(kinds).values() if isinstance(kind, type) and kind.__module__ == kinds.__name__]
)
def test_every_word_of_a_closed_list_is_documented(words: type[StrEnum]) -> None:
    if words is not kinds.ActorKind:  # no word of the file
        assert all(f"| `{word}` |" in DOCUMENTATION for word in words)


days = st.one_of(st.none(), st.integers(0, 12).map(lambda number: dt.date(2024, 1, 1) + dt.timedelta(number)))
periods = st.builds(Dated, valid_from=days, valid_to=days).filter(
    lambda period: not (period.valid_from and period.valid_to and period.valid_to <= period.valid_from)
)


@given(first=periods, second=periods)
def test_periods_overlap_when_they_share_a_day(first: Dated, second: Dated) -> None:
    every_day = [dt.date(2023, 12, 30) + dt.timedelta(number) for number in range(20)]
    assert first.overlaps(second) == any(first.holds_on(day) and second.holds_on(day) for day in every_day)
