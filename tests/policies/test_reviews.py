"""When a document is to be reviewed next: by the rule of the municipality, whatever that is (R31, R53, R134)."""

from datetime import date

import pytest
from django.utils import translation

from organisation.models import Municipality, Ruleset
from policies.models import DocumentVersion, GoverningDocument
from policies.reviews import next_review, parsed
from policies.sentences import review_text

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def town():
    return Municipality.objects.create(key="provby", name="Provby", last_election=date(2026, 9, 13))


@pytest.fixture
def policy(town):
    return GoverningDocument.objects.create(municipality=town, key="policy", kind="policy", title="Policy")


def decide(document, day, **fields):
    DocumentVersion.objects.create(
        municipality=document.municipality, document=document, decided_on=day, label=str(day), **fields
    )
    return document


def review(document, rule, on=TODAY, **said):
    rules = Ruleset(municipality=document.municipality, review={"rule": rule, **said})
    return next_review(document, rules, document.municipality, on)


def test_first_year_of_term_is_the_year_after_the_election(policy):
    found = review(decide(policy, date(2023, 5, 8)), "first_year_of_term")
    assert found.due == date(2027, 12, 31)
    assert found.missed == ()


def test_a_decision_in_the_first_year_moves_the_review_to_the_next_term(policy):
    found = review(decide(policy, date(2027, 3, 1)), "first_year_of_term", on=date(2027, 4, 1))
    assert found.due == date(2031, 12, 31)


def test_terms_without_a_decision_are_told(policy):
    found = review(decide(policy, date(2013, 1, 1)), "first_year_of_term")
    assert found.due == date(2027, 12, 31)
    assert found.missed == (2015, 2019, 2023)
    assert found.is_missed


def test_a_noted_review_counts_as_the_review_of_its_term(policy):
    reviews = [{"date": "2015-02-02"}, {"date": "2019-06-01"}, {"date": "2023-09-21", "section": "§ 26"}]
    found = review(decide(policy, date(2013, 1, 1), reviews=reviews), "first_year_of_term")
    assert found.missed == ()
    assert found.last == date(2023, 9, 21)


def test_the_rule_follows_the_length_of_the_term(town, policy):
    town.election_cycle_years = 3
    found = review(decide(policy, date(2021, 2, 1)), "first_year_of_term", on=date(2028, 1, 15))
    assert found.missed == (2024, 2027)
    assert found.due == date(2030, 12, 31)


def test_once_in_every_term_may_be_done_on_any_day_of_it(policy):
    decide(policy, date(2023, 5, 8))
    assert review(policy, "every_term", on=date(2026, 10, 14)).due == date(2030, 10, 14)
    found = review(policy, "every_term")
    assert found.due == date(2030, 10, 14)
    assert found.missed == ()


def test_every_term_of_a_municipality_whose_election_is_not_recorded_has_no_day(town, policy):
    town.last_election = None
    assert review(decide(policy, date(2023, 5, 8)), "every_term").due is None


def test_every_five_years_counts_from_the_last_decision_or_review(policy):
    decide(policy, date(2020, 2, 29), reviews=[{"date": "2022-05-01"}])
    found = review(policy, "every_n_years", years=5)
    assert found.due == date(2027, 5, 1)
    assert not found.is_missed


def test_five_years_that_have_passed_are_overdue(policy):
    found = review(decide(policy, date(2020, 2, 29)), "every_n_years", years=5)
    assert found.due == date(2025, 3, 1)
    assert found.missed == (2025,)


def test_five_years_after_nothing_recorded_is_no_day(policy):
    assert review(policy, "every_n_years", years=5).due is None


@pytest.mark.parametrize(
    ("decided", "overdue"), [(date(2020, 1, 1), True), (date(2026, 3, 1), False), (date(2026, 8, 1), False)]
)
def test_a_set_day_is_overdue_when_nothing_was_decided_towards_it(policy, decided, overdue):
    found = review(decide(policy, decided), "by_date", date="2026-06-30")
    assert found.due == date(2026, 6, 30)
    assert found.is_missed is overdue


@pytest.mark.parametrize("rule", ["until_further_notice", "when_needed", "unsaid"])
def test_without_a_rule_that_names_a_day_the_reason_is_told(policy, rule):
    found = review(decide(policy, date(1998, 9, 28)), rule)
    assert (found.due, found.rule, found.missed) == (None, rule, ())


def test_a_municipality_that_says_nothing_is_unsaid(town, policy):
    assert next_review(policy, Ruleset(municipality=town), town, TODAY).rule == "unsaid"


def test_the_rule_of_the_municipality_is_about_its_policy_only(town):
    guideline = GoverningDocument.objects.create(municipality=town, key="r", kind="guideline", title="Riktlinje")
    assert review(guideline, "first_year_of_term").rule == "unsaid"


def test_a_document_of_its_own_rule_follows_that(policy):
    policy.review = {"rule": "every_n_years", "years": 2}
    found = review(decide(policy, date(2026, 1, 1)), "first_year_of_term")
    assert found.due == date(2028, 1, 1)
    assert found.own


def test_a_version_decided_later_is_not_done_yet(policy):
    decide(policy, date(2013, 1, 1))
    decide(policy, date(2027, 2, 1), valid_from=date(2027, 3, 1))
    assert review(policy, "first_year_of_term").due == date(2027, 12, 31)


@pytest.mark.parametrize(("typed", "day"), [("2023-09-21", date(2023, 9, 21)), ("hösten 2023", None), (None, None)])
def test_a_day_in_a_json_column_is_read_when_it_is_one(typed, day):
    assert parsed(typed) == day


@pytest.mark.parametrize(
    ("rule", "said", "words"),
    [
        ("first_year_of_term", {}, "first year of every term. No review is recorded for: 2015, 2019, 2023."),
        ("every_term", {}, "once in every term"),
        ("every_n_years", {"years": 5}, "every 5 years"),
        ("by_date", {"date": "2030-06-30"}, "30 June 2030"),
        ("when_needed", {}, "no day is set"),
        ("until_further_notice", {}, "until further notice"),
        ("unsaid", {}, "don't say"),
    ],
)
def test_every_rule_has_its_sentence(policy, rule, said, words):
    with translation.override("en"):
        assert words in review_text(review(decide(policy, date(2013, 1, 1)), rule, **said))
