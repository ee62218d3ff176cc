"""The language of clock rules: what it takes, what it refuses, and that a missing answer begins nothing."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.clocks.conditions import faults_of, holds, keys_in, missing, rests_on_no_answer, verdict
from incidents.clocks.keys import KEYS

SERIOUS = {"in": {"injury_degree": ["serious", "death"]}}
SEVERAL = {"eq": {"several_injured": True}}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(sorted(KEYS)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["all", "any", "not", "eq", "in", "gte", *sorted(KEYS), "nonsense"]), inner, max_size=2
    ),
    max_leaves=12,
)  # fmt: skip
kept = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
answers = st.dictionaries(st.sampled_from(sorted(KEYS)), kept)


def value_for(key: str) -> st.SearchStrategy[Any]:
    if KEYS[key].type is str:
        return st.sampled_from(sorted(KEYS[key].choices))
    return st.booleans() if KEYS[key].type is bool else st.integers(0, 9)


def statement(key: str) -> st.SearchStrategy[Any]:
    return value_for(key).flatmap(lambda one: st.sampled_from([{"eq": {key: one}}, {"in": {key: [one]}}]))


sound_statements = st.sampled_from(sorted(KEYS)).flatmap(statement)
sound = st.recursive(
    sound_statements,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts})
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts})
        | inner.map(lambda part: {"not": part})
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(condition=anything, facts=answers)
def test_evaluation_never_raises_whatever_is_kept(condition: Any, facts: dict[str, Any]) -> None:
    assert holds(condition, facts) in (True, False)
    assert missing(condition, facts) <= KEYS.keys()
    list(faults_of(condition))


@settings(max_examples=200, deadline=None)
@given(condition=sound)
def test_nothing_answered_calls_for_nothing(condition: Any) -> None:
    """Also through "not": a duty begins by an answer, never by silence."""
    assert not holds(condition, {})
    assert not holds(condition, dict.fromkeys(KEYS, ""))
    assert missing(condition, {}) == keys_in(condition)


@pytest.mark.parametrize(
    ("condition", "facts", "wanted"),
    [
        (SERIOUS, {"injury_degree": "death"}, True),
        (SERIOUS, {"injury_degree": "minor"}, False),
        (SERIOUS, {"injury_degree": ""}, None),
        # "Don't know" is no answer, unless the rule names it.
        (SERIOUS, {"injury_degree": "unsaid"}, None),
        ({"in": {"affected": ["unsaid"]}}, {"affected": "unsaid"}, True),
        ({"not": SERIOUS}, {"injury_degree": "minor"}, True),
        ({"not": SERIOUS}, {}, None),
        ({"any": [SERIOUS, SEVERAL]}, {"several_injured": True}, True),
        ({"any": [SERIOUS, SEVERAL]}, {"several_injured": False}, None),
        ({"all": [SERIOUS, SEVERAL]}, {"several_injured": False}, False),
        ({"gte": {"injured_count": 2}}, {"injured_count": 2}, True),
        ({"gte": {"injured_count": 2}}, {"injured_count": 1}, False),
        # Yes is not 1.
        ({"eq": {"several_injured": True}}, {"several_injured": 1}, False),
        ({"gte": {"injured_count": 1}}, {"injured_count": True}, None),
    ],
)
def test_verdicts(condition: Any, facts: dict[str, Any], wanted: bool | None) -> None:
    assert verdict(condition, facts) is wanted


@pytest.mark.parametrize(
    ("condition", "path"),
    [
        ({"eq": {"shoe_size": 41}}, "condition.eq.shoe_size"),
        # The heading that the reporter chose decides nothing.
        ({"eq": {"kind": "violence"}}, "condition.eq.kind"),
        ({"eq": {"affected": "martian"}}, "condition.eq.affected"),
        ({"eq": {"several_injured": 1}}, "condition.eq.several_injured"),
        ({"in": {"affected": "employee"}}, "condition.in.affected"),
        ({"gte": {"affected": 1}}, "condition.gte.affected"),
        ({"all": []}, "condition.all"),
        ({"any": [SERIOUS, {"or": []}]}, "condition.any[1].or"),
        ({}, "condition"),
        ([], "condition"),
        ({"eq": {}, "in": {}}, "condition"),
    ],
)
def test_what_can_not_be_asked_is_refused_by_its_place(condition: Any, path: str) -> None:
    assert [fault.path for fault in faults_of(condition)] == [path]


def test_conditions_nest_no_deeper_than_a_person_can_follow() -> None:
    condition: Any = SERIOUS
    for _step in range(9):
        condition = {"not": condition}
    assert [str(fault.message) for fault in faults_of(condition)]


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ({"eq": {"affects_persons": True}}, True),
        ({"not": {"eq": {"affects_persons": True}}}, True),
        ({"any": [SERIOUS, {"eq": {"affects_persons": False}}]}, True),
        ({"all": [SERIOUS, {"eq": {"affects_persons": True}}]}, False),
        ({"not": SERIOUS}, False),
    ],
)
def test_a_condition_that_holds_by_the_kind_alone_is_known(condition: Any, wanted: bool) -> None:
    assert rests_on_no_answer(condition) is wanted
