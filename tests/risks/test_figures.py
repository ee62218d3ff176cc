"""The matrix and the counts equal the raw judgements, whatever has been done to the risks, on any scale."""

import uuid
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.models import Dimension
from risks import querysets, services
from risks.models import Risk, Scale, Stage, cell_name
from tests.factories.organisation import make_municipality
from tests.factories.risks import make_areas, make_dimensions, make_odd_scale, make_scale

UNITS = ("care-north", "care-south")
PICTURED = [make_scale, make_odd_scale]

steps = st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6))
actions = st.lists(
    st.one_of(
        st.tuples(st.just("log"), st.sampled_from(UNITS), steps),
        st.tuples(st.sampled_from(list(Stage)), st.integers(0, 5), steps),
        st.tuples(st.just("close"), st.integers(0, 5), st.none()),
        st.tuples(st.just("reopen"), st.integers(0, 5), st.none()),
    ),
    max_size=14,
)


class Town:
    """Does what an action says, to the municipality and to a plain list beside it."""

    def __init__(self, make, dimensions: int) -> None:
        self.town = make_municipality()
        self.scale: Scale = make(self.town.municipality)
        if dimensions:
            make_dimensions(self.town.municipality, ("Folk", "Natur")[:dimensions], persons="Folk")
            make_areas(self.town.municipality, ("Ett", "Två", "Tre", "Fyra"))
        self.dimensions: list[Dimension | None] = [*Dimension.objects.filter(municipality=self.town.municipality)] or [
            None
        ]
        self.plain: list[dict] = []

    def judgement(self, wanted):
        likelihood = min(wanted[0], len(self.scale.likelihood))
        levels = [min(step, len(self.scale.consequence)) for step in wanted[1:]]
        return likelihood, dict(zip(self.dimensions, levels, strict=False))

    def do(self, action, which, wanted) -> None:
        if action == "log":
            likelihood, consequences = self.judgement(wanted)
            risk = services.log_risk(
                body=self.town.bodies[which], title="En risk", likelihood=likelihood, consequences=consequences,
                by=self.town.head, submission_key=uuid.uuid4(),
            )  # fmt: skip
            cell = (likelihood, max(consequences.values()))
            self.plain.append({"risk": risk, "open": True, Stage.BEFORE: cell})
            return
        if which >= len(self.plain):
            return
        row = self.plain[which]
        if action in ("close", "reopen"):
            if row["open"] is (action == "close"):
                getattr(services, f"{action}_risk")(risk=row["risk"], reason="Prov", by=self.town.head)
                row["open"] = not row["open"]
        elif row["open"]:
            likelihood, consequences = self.judgement(wanted)
            row["risk"].refresh_from_db()
            services.assess_risk(
                risk=row["risk"], stage=action, likelihood=likelihood, consequences=consequences,
                by=self.town.head, expected_version=row["risk"].version,
            )  # fmt: skip
            row[action] = (likelihood, max(consequences.values()))


@pytest.mark.parametrize("make", PICTURED)
@pytest.mark.parametrize("dimensions", [0, 2])
@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=actions)
def test_the_figures_equal_the_raw_judgements(make, dimensions, done):
    town = Town(make, dimensions)
    for action in done:
        town.do(*action)
    standing = [row for row in town.plain if row["open"]]
    before = Counter(row[Stage.BEFORE] for row in standing)
    after = Counter(row.get(Stage.AFTER, row[Stage.BEFORE]) for row in standing)
    risks = Risk.objects.filter(municipality=town.town.municipality).open()
    counts = querysets.matrix_counts(risks, town.scale)
    assert {cell: count.before for cell, count in counts.items() if count.before} == before
    assert {cell: count.after for cell, count in counts.items() if count.after} == after
    levels = querysets.level_counts(risks)
    assert levels.total == len(standing)
    assert levels.high_now == sum(town.scale.band(*cell).severity >= 3 for cell in after.elements())
    assert levels.high_before == sum(town.scale.band(*cell).severity >= 3 for cell in before.elements())
    bands = querysets.band_counts(counts, town.scale)
    assert sum(count.after for count in bands.values()) == len(standing)
    drawn = querysets.matrix(town.scale, counts, caption="")
    assert sum(cell.before for row in drawn.rows for cell in row.cells) == len(standing)
    assert [row.word for row in drawn.rows] == list(reversed(town.scale.likelihood))


def test_the_figures_take_few_queries(town, django_assert_num_queries):
    scale = Scale.objects.get()
    with django_assert_num_queries(2):
        querysets.matrix_counts(Risk.objects.all(), scale)
    with django_assert_num_queries(1):
        querysets.level_counts(Risk.objects.all())
    with django_assert_num_queries(1):
        querysets.top(Risk.objects.all(), 6)


def test_the_matrix_is_drawn_with_the_highest_likelihood_on_top(town):
    scale = Scale.objects.get()
    drawn = querysets.matrix(scale, {(5, 1): querysets.CellCount(2, 1)}, caption="", cell_url=lambda cell: f"/{cell}")
    first = drawn.rows[0].cells[0]
    assert (first.word, first.severity, first.number) == ("Måttlig", 2, 5)
    assert (first.before, first.after, first.url) == (2, 1, f"/{cell_name(5, 1)}")
    assert (drawn.rows[-1].cells[-1].word, drawn.rows[-1].cells[-1].number) == ("Hög", 5)
