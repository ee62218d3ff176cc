"""A plan's content: the same through JSON, one hash, and every difference named."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionplans.content import (
    LevelContent,
    MeasureContent,
    PlanContent,
    ResourceContent,
    RiskContent,
    ScaleContent,
    changes,
)
from actionplans.models import content_hash
from actionplans.paper import paper_of, points_of

texts = st.text(max_size=40)
lines = st.builds(
    ResourceContent,
    budget_year=st.integers(2020, 2030),
    kind=st.just("money"),
    amount_ore=st.integers(0, 10**12),
    note=texts,
)
measures = st.builds(
    MeasureContent,
    key=st.uuids().map(str),
    what=texts,
    how=texts,
    due_on=st.dates().map(lambda day: day.isoformat()),
    responsible=texts,
    type=st.sampled_from(["eliminate", "prevent", "limit"]),
    holder=texts,
    resources=st.lists(lines, max_size=3).map(tuple),
)
contents = st.builds(
    PlanContent,
    title=texts,
    body=texts,
    year=st.integers(2000, 2100),
    measures=st.lists(measures, max_size=4, unique_by=lambda measure: measure.key).map(tuple),
    further_points=st.lists(texts, max_size=2).map(tuple),
)


@given(contents)
def test_json_gives_the_same_content_and_hash_back(content):
    again = PlanContent.from_json(content.to_json())
    assert again == content
    assert content_hash(again.to_json()) == content_hash(content.to_json())
    assert changes(content, again) == []


@given(contents, contents)
def test_contents_differ_exactly_when_their_hashes_do(one, other):
    assert (one == other) == (content_hash(one.to_json()) == content_hash(other.to_json()))


@given(contents)
def test_sums_are_the_sums_of_the_lines(content):
    total = sum(line.amount_ore or 0 for measure in content.measures for line in measure.resources)
    assert sum(content.money_ore.values()) == total


MEASURE = MeasureContent(
    key="a", what="Larm", how="Bärbart", due_on="2027-03-31", responsible="Enhetschef", type="prevent"
)
PLAN = PlanContent(title="Plan", body="Äldrenämnden", year=2027, measures=(MEASURE,))


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"due_on": "2027-06-30"}, ["due_on"]),
        ({"what": "Nytt", "type": "limit"}, ["what", "type"]),
        ({"resources": (ResourceContent(2027, "money", 100),)}, ["resources"]),
    ],
)
def test_a_changed_measure_is_named_by_field(changed, fields):
    after = replace(PLAN, measures=(replace(MEASURE, **changed),))
    assert [(change.measure, change.field) for change in changes(PLAN, after)] == [("Larm", name) for name in fields]


def test_added_and_removed_measures_are_named():
    after = replace(PLAN, measures=(replace(MEASURE, key="b", what="Schema"),))
    assert [(change.measure, change.field) for change in changes(PLAN, after)] == [
        ("Schema", "added"),
        ("Larm", "removed"),
    ]


SCALE = ScaleContent(
    likelihood=("sällan", "ofta"),
    consequence=("liten", "stor"),
    bands=(("low", "Låg", 1), ("high", "Hög", 3)),
    cells=(("low", "low"), ("low", "high")),
)


def level(key: str, cell: str) -> LevelContent:
    return LevelContent(key=key, word=key, severity={"low": 1, "high": 3}[key], cell=cell)


def test_the_matrix_counts_each_risk_before_and_after():
    risks = (
        RiskContent("1", "R-1", "Ett", level("high", "2x2"), level("low", "1x1")),
        RiskContent("2", "R-2", "Två", level("high", "2x2"), level("high", "2x2")),
        RiskContent("3", "R-3", "Tre"),
    )
    paper = paper_of(replace(PLAN, risks=risks, scale=SCALE))
    assert paper.matrix is not None
    top = paper.matrix["rows"][0]["cells"][1]
    assert (top["before"], top["after"], top["severity"]) == (2, 1, 3)
    assert paper.content.counts_after == {"low": 1, "high": 1}
    assert paper.figures[0]["value"] == "2 → 1"
    assert paper.unplaced == 1


def test_a_plan_without_scale_or_risks_has_a_paper_too():
    paper = paper_of(PLAN)
    assert paper.matrix is None
    assert len(paper.figures) == 2


def test_the_proposed_decision_names_adoption_money_and_further_points():
    lines = (ResourceContent(2027, "money", 97_000_000), ResourceContent(2028, "hours", hours=8))
    content = replace(PLAN, measures=(replace(MEASURE, resources=lines),), further_points=("Effekten redovisas.",))
    points = points_of(content)
    assert len(points) == 3
    assert "970" in points[1]
    assert points[2] == "Effekten redovisas."
