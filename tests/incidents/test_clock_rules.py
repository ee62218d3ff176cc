"""Rules as dated data: read from a file with every mistake told, written as rows, and old cases keep theirs."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from incidents.catalogue import CATALOGUE
from incidents.catalogue import REQUIRED as ASKED
from incidents.clocks.keys import OPEN_KEYS, REQUIRED
from incidents.clocks.loading import PART
from incidents.clocks.rule_file import PACKAGED, RuleFileError, parse_rules
from incidents.clocks.rules import RuleInUse, ensure_rules, load_rules, packaged_rules, rules_in_force
from incidents.models import ClockRule, Incident
from organisation import clock
from tests.factories.incidents import report
from tests.factories.organisation import Town

RULE = """
rules:
  - key: a-rule
    title: {sv: Anmäl, en: Notify}
    authority: Myndigheten
    basis: lagen
    condition: {eq: {personal_data: true}}
    due: {hours: 24}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "rules.yaml"
    path.write_text(text)
    return path


def test_the_packaged_rules_are_sound_and_cite_their_basis() -> None:
    rules = {rule.key: rule for rule in packaged_rules()}
    assert [rules[key].due["hours"] for key in ("work-environment", "personal-data", "it-early-notice")] == [24, 72, 24]
    assert rules["it-final-report"].due["months"] == 1
    assert all(rule.basis and rule.authority and rule.title["sv"] for rule in rules.values())
    assert {rule.together for rule in rules.values()} == {"", "work-injury-report"}


def test_what_the_rules_ask_is_asked_by_every_question_set() -> None:
    assert REQUIRED <= ASKED
    assert set(OPEN_KEYS) <= CATALOGUE.keys()


@pytest.mark.parametrize(
    ("was", "becomes", "line", "told"),
    [
        ("personal_data: true", "personal_date: true", 7, "personal_data"),
        ("personal_data: true", "kind: threat", 7, "kind"),
        # By the kind of event alone a duty would begin although nobody answered anything.
        ("personal_data: true", "affects_persons: true", 7, "condition"),
        ("{eq: {personal_data: true}}", "{not: {eq: {affects_persons: false}}}", 7, "condition"),
        ("hours: 24", "hours: 0", 8, "hours"),
        ("hours: 24", "days: 2", 8, "due"),
        ("hours: 24", "hours: 24, after: another", 8, "due.after"),
        ("key: a-rule", "key: A rule", 3, "key"),
        ("basis: lagen", "bases: lagen", 6, "bases"),
        ("sv: Anmäl, en: Notify", "sv: Anmäl", 4, "title"),
        ("due:", "url: http://x.example.se\n    due:", 8, "url"),
        ("due:", "valid_from: yesterday\n    due:", 8, "valid_from"),
        ("due:", "needs_decision: perhaps\n    due:", 8, "needs_decision"),
        ("rules:", "rule:", 2, "rule"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_key(tmp_path: Path, was: str, becomes: str, line: int, told: str) -> None:
    assert parse_rules(written(tmp_path, RULE))
    with pytest.raises(RuleFileError) as refused:
        parse_rules(written(tmp_path, RULE.replace(was, becomes, 1)))
    assert (line, True) in [(error.line, told in str(error)) for error in refused.value.errors]


def test_the_same_rules_again_write_nothing(town: Town) -> None:
    assert load_rules(town.municipality, packaged_rules())["created"] == len(packaged_rules())
    assert load_rules(town.municipality, packaged_rules()) == {
        "created": 0,
        "changed": 0,
        "unchanged": len(packaged_rules()),
    }


def test_rules_are_there_when_first_needed_and_not_twice(town: Town) -> None:
    today = clock.today()
    assert len(rules_in_force(town.municipality, today)) == len(rules_in_force(town.municipality, today)) == 6
    ensure_rules(town.municipality)
    assert ClockRule.objects.filter(municipality=town.municipality).count() == 6


def test_a_loaded_municipality_has_them_and_the_same_file_again_asks_nothing(
    town: Town, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(0):
        PART.follow(town.municipality, set())
    PART.follow(town.municipality, {"municipality"})
    assert ClockRule.objects.filter(municipality=town.municipality).count() == 6


def test_a_later_version_ends_the_one_before_and_old_cases_keep_theirs(town: Town, tmp_path: Path) -> None:
    old = report(town, answers={"affected": "employee", "injury": "physical", "injury_degree": "death"})
    tomorrow = clock.today() + timedelta(days=1)
    text = RULE.replace("a-rule", "work-environment").replace("hours: 24", "hours: 12")
    load_rules(town.municipality, parse_rules(written(tmp_path, f"{text}    valid_from: {tomorrow}\n")))
    before, after = ClockRule.objects.filter(municipality=town.municipality, key="work-environment").order_by(
        "valid_from"
    )
    assert (before.valid_to, after.valid_to) == (tomorrow, None)
    assert old.notices.get(rule__key="work-environment").rule == before
    assert before not in rules_in_force(town.municipality, tomorrow)


def test_a_rule_that_cases_rest_on_is_never_rewritten(town: Town, tmp_path: Path) -> None:
    report(town, answers={"personal_data": True})
    changed = RULE.replace("a-rule", "personal-data").replace("due:", "valid_from: 2018-05-25\n    due:")
    with pytest.raises(RuleInUse):
        load_rules(town.municipality, parse_rules(written(tmp_path, changed)))
    assert ClockRule.objects.get(municipality=town.municipality, key="personal-data").due["hours"] == 72


def test_one_that_no_case_rests_on_is(town: Town, tmp_path: Path) -> None:
    ensure_rules(town.municipality)
    changed = RULE.replace("a-rule", "personal-data").replace("due:", "valid_from: 2018-05-25\n    due:")
    assert load_rules(town.municipality, parse_rules(written(tmp_path, changed)))["changed"] == 1
    assert ClockRule.objects.get(municipality=town.municipality, key="personal-data").due == {"hours": 24}


def test_each_municipality_has_its_own(town: Town, other_town: Town, tmp_path: Path) -> None:
    load_rules(town.municipality, parse_rules(written(tmp_path, RULE)))
    assert [rule.key for rule in rules_in_force(town.municipality, clock.today())] == ["a-rule"]
    assert len(rules_in_force(other_town.municipality, clock.today())) == 6


class TestCommand:
    def test_it_loads_for_one_municipality(self, town: Town, other_town: Town) -> None:
        out = StringIO()
        call_command("load_clock_rules", municipality=town.municipality.key, stdout=out)
        assert ClockRule.objects.filter(municipality=town.municipality).count() == 6
        assert not ClockRule.objects.filter(municipality=other_town.municipality).exists()
        assert "6" in out.getvalue()

    def test_it_checks_without_writing(self, town: Town) -> None:
        call_command("load_clock_rules", str(PACKAGED), check=True, stdout=StringIO())
        assert not ClockRule.objects.exists()

    def test_a_mistake_loads_nothing_and_says_where(self, town: Town, tmp_path: Path) -> None:
        path = written(tmp_path, RULE.replace("personal_data", "nonsense"))
        with pytest.raises(CommandError, match=r"rules\.yaml:7"):
            call_command("load_clock_rules", str(path), stdout=StringIO())
        assert not ClockRule.objects.exists()

    def test_an_unknown_municipality_is_told(self, db: None) -> None:
        with pytest.raises(CommandError, match="nowhere"):
            call_command("load_clock_rules", municipality="nowhere", stdout=StringIO())


def test_a_rule_that_began_later_says_nothing_of_an_older_case(town: Town) -> None:
    ensure_rules(town.municipality)
    assert {rule.key for rule in rules_in_force(town.municipality, date(2017, 1, 1))} == {
        "work-environment",
        "work-injury",
    }
    assert not Incident.objects.exists()
