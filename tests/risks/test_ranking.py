"""A level comes from its cell; the order of the list from the municipality's rule about persons."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisation.models import PersonsRank
from policies.models import Dimension
from risks.errors import ConsequenceMissing, OutsideScale
from risks.models import Scale, Stage
from risks.ranking import Judgement, derived_columns, judge, sort_key
from tests.factories.risks import BANDS, CELLS, LETTERS

PERSONS = Dimension(pk=1, name="Människor", about_persons=True)
MONEY = Dimension(pk=2, name="Ekonomi")
HIGHEST, HIGH, UNSTATED = PersonsRank.HIGHEST, PersonsRank.HIGH, PersonsRank.UNSTATED
LARGEST_COLUMN = 2**31 - 1


def scale_of(cells: Sequence[Sequence[int]], bands: int) -> Scale:
    """Return a scale whose cells are given as ranks, counted from 1."""
    severities = [min(4, 1 + rank * 4 // bands) for rank in range(bands)]
    return Scale(
        likelihood=[f"l{row}" for row in range(len(cells))],
        consequence=[f"c{column}" for column in range(len(cells[0]))],
        bands=[{"key": f"b{rank + 1}", "word": f"B{rank + 1}", "severity": severities[rank]} for rank in range(bands)],
        cells=[[f"b{rank}" for rank in row] for row in cells],
    )


WORKPLACE = Scale(
    likelihood=list("12345"),
    consequence=list("12345"),
    bands=list(BANDS),
    cells=[[LETTERS[letter] for letter in row] for row in CELLS],
)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    """Any scale from 2 × 2 to 10 × 10 whose level never falls as likelihood or consequence rises."""
    rows, columns = draw(st.integers(2, 10)), draw(st.integers(2, 10))
    bands = draw(st.integers(1, 12))
    steps = draw(
        st.lists(st.lists(st.integers(0, 2), min_size=columns, max_size=columns), min_size=rows, max_size=rows)
    )
    cells = [[1] * columns for _row in range(rows)]
    for row in range(rows):
        for column in range(columns):
            least = max(cells[row - 1][column] if row else 1, cells[row][column - 1] if column else 1)
            cells[row][column] = min(bands, least + steps[row][column])
    return scale_of(cells, bands)


@st.composite
def judgements(draw: st.DrawFn, scale: Scale) -> Judgement:
    likelihood = draw(st.integers(1, len(scale.likelihood)))
    step = st.integers(1, len(scale.consequence))
    chosen = {PERSONS: draw(st.none() | step), MONEY: draw(step)}
    return judge(scale, likelihood, {dimension: value for dimension, value in chosen.items() if value})


def rank_of(judged: Judgement) -> int:
    return judged.scale.rank(judged.band)


def rank_to_persons(judged: Judgement) -> int:
    if not judged.persons_consequence:
        return 0
    return judged.scale.rank(judged.scale.band(judged.likelihood, judged.persons_consequence).key)


def test_the_level_is_the_band_of_the_cell_and_not_of_the_product():
    rare_death = judge(WORKPLACE, 1, {PERSONS: 5})
    often_negligible = judge(WORKPLACE, 5, {PERSONS: 1})
    assert rare_death.likelihood * rare_death.consequence == often_negligible.likelihood * often_negligible.consequence
    assert (rare_death.band, often_negligible.band) == ("high", "moderate")


def test_the_worst_dimension_decides():
    judged = judge(WORKPLACE, 3, {PERSONS: 2, MONEY: 4})
    assert (judged.consequence, judged.persons_consequence, judged.band) == (4, 2, "high")


def test_without_dimensions_there_is_one_consequence_and_none_about_persons():
    judged = judge(WORKPLACE, 3, {None: 4})
    assert (judged.consequence, judged.persons_consequence) == (4, None)


def test_no_consequence_at_all_is_refused():
    with pytest.raises(ConsequenceMissing):
        judge(WORKPLACE, 3, {})


@pytest.mark.parametrize(("likelihood", "step"), [(0, 1), (6, 1), (1, 0), (1, 6), (-1, 1)])
def test_a_step_outside_the_scale_is_refused(likelihood, step):
    with pytest.raises(OutsideScale):
        judge(WORKPLACE, likelihood, {PERSONS: step})


@given(st.data())
def test_the_sort_key_fits_its_column_on_any_scale(data):
    judged = data.draw(judgements(data.draw(scales())))
    for rule in PersonsRank:
        assert 0 < sort_key(judged, rule) <= LARGEST_COLUMN


@given(st.data())
def test_highest_puts_the_greater_risk_to_persons_first_on_any_scale(data):
    scale = data.draw(scales())
    one, other = data.draw(judgements(scale)), data.draw(judgements(scale))
    if rank_to_persons(one) > rank_to_persons(other):
        assert sort_key(one, HIGHEST) > sort_key(other, HIGHEST)


@given(st.data())
def test_high_breaks_ties_of_level_and_never_more_on_any_scale(data):
    scale = data.draw(scales())
    one, other = data.draw(judgements(scale)), data.draw(judgements(scale))
    if (
        rank_of(one) > rank_of(other)
        or rank_of(one) == rank_of(other)
        and (one.persons_consequence or 0) > (other.persons_consequence or 0)
    ):
        assert sort_key(one, HIGH) > sort_key(other, HIGH)


@given(st.data())
def test_without_a_rule_persons_make_no_difference_on_any_scale(data):
    scale = data.draw(scales())
    judged = data.draw(judgements(scale))
    nobody = judge(scale, judged.likelihood, {MONEY: judged.consequence})
    assert sort_key(judged, UNSTATED) == sort_key(nobody, UNSTATED)
    other = data.draw(judgements(scale))
    if rank_of(judged) > rank_of(other):
        assert sort_key(judged, UNSTATED) > sort_key(other, UNSTATED)


def test_the_three_rules_order_the_same_two_risks_differently():
    costly = judge(WORKPLACE, 4, {MONEY: 5})
    hurtful = judge(WORKPLACE, 3, {PERSONS: 3})
    assert (costly.band, hurtful.band) == ("very-high", "moderate")
    assert sort_key(hurtful, HIGHEST) > sort_key(costly, HIGHEST)
    assert sort_key(hurtful, HIGH) < sort_key(costly, HIGH)
    assert sort_key(hurtful, UNSTATED) < sort_key(costly, UNSTATED)


def test_a_remote_risk_to_persons_does_not_hide_a_likely_one():
    remote = judge(WORKPLACE, 1, {PERSONS: 3})
    likely = judge(WORKPLACE, 5, {PERSONS: 2})
    assert sort_key(likely, HIGHEST) > sort_key(remote, HIGHEST)


def test_now_is_after_measures_else_before_and_a_target_moves_nothing():
    before, after, target = (
        judge(WORKPLACE, 5, {None: 5}),
        judge(WORKPLACE, 2, {None: 3}),
        judge(WORKPLACE, 1, {None: 1}),
    )
    alone = derived_columns({Stage.BEFORE: before, Stage.TARGET: target}, UNSTATED)
    assert (alone["cell_before"], alone["cell_now"], alone["severity_now"]) == ("5x5", "5x5", 4)
    both = derived_columns({Stage.BEFORE: before, Stage.AFTER: after}, UNSTATED)
    assert (both["cell_before"], both["cell_now"], both["band_now"]) == ("5x5", "2x3", "moderate")
    assert both["sort_key"] == sort_key(after, UNSTATED)


def test_a_risk_that_nobody_has_judged_has_empty_columns():
    assert derived_columns({}, HIGHEST) == {
        "scale_before": None,
        "band_before": "",
        "cell_before": "",
        "severity_before": 0,
        "scale_now": None,
        "band_now": "",
        "cell_now": "",
        "severity_now": 0,
        "judged_after": False,
        "sort_key": 0,
    }
