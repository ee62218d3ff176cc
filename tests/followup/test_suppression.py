"""No count under five is published, neither as it is nor by subtraction."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisation import suppression
from organisation.suppression import Part, division, is_small, one_of, published

counts = st.lists(st.integers(min_value=0, max_value=40), min_size=1, max_size=8)


def tree(sizes: list[list[int]]) -> Part:
    groups = [
        division(f"g{place}", {str(n): size for n, size in enumerate(group)}) for place, group in enumerate(sizes)
    ]
    return Part("all", sum(group.count for group in groups), groups)


def told(part: Part, shown: dict[str, int | None]) -> list[tuple[int, int]]:
    """Every sum that a reader can work out by subtracting shown parts from a shown total."""
    total = shown[part.key]
    sums = []
    if total is not None and part.parts:
        hidden = [each for each in part.parts if shown[each.key] is None]
        if hidden:
            sums.append((total - sum(shown[each.key] or 0 for each in part.parts), len(hidden)))
    for each in part.parts:
        sums += told(each, shown)
    return sums


@given(st.lists(counts, min_size=1, max_size=5))
def test_no_small_count_is_shown(sizes: list[list[int]]) -> None:
    shown = published(tree(sizes), public=True)
    assert not any(count is not None and is_small(count) for count in shown.values())


@given(st.lists(counts, min_size=1, max_size=5))
def test_no_total_tells_a_hidden_part(sizes: list[list[int]]) -> None:
    root = tree(sizes)
    for together, hidden in told(root, published(root, public=True)):
        # The hidden parts are several and leave room: none of them can be worked out.
        assert hidden >= 2
        assert together >= suppression.THRESHOLD


@given(counts)
def test_more_than_one_set_of_counts_fits_what_is_shown(sizes: list[int]) -> None:
    """The reader's own attack: try every filling of the hidden parts; each part must be able to differ."""
    root = division("all", {str(place): size for place, size in enumerate(sizes[:5])})
    shown = published(root, public=True)
    hidden = [part for part in root.parts if shown[part.key] is None]
    if not hidden or shown["all"] is None:
        return
    together = shown["all"] - sum(shown[part.key] or 0 for part in root.parts)
    # A reader knows that a hidden part beside shown zeros is at least one.
    least = 0 if len(hidden) == len(root.parts) else 1
    for part in hidden:
        others = len(hidden) - 1
        possible = [guess for guess in range(least, together + 1) if together - guess >= least * others]
        assert len(possible) > 1, part


@given(counts)
def test_a_hidden_total_shows_none_of_its_parts(sizes: list[int]) -> None:
    root = Part("all", 0, [division("a", {str(n): size for n, size in enumerate(sizes)}), Part("b", 3), Part("c", 30)])
    root.count = sum(part.count for part in root.parts)
    shown = published(root, public=True)
    if shown["a"] is None:
        assert all(shown[part.key] is None for part in root.parts[0].parts)


def test_the_smallest_part_that_is_large_enough_is_hidden_with_a_small_one() -> None:
    shown = published(division("all", {"small": 2, "medium": 9, "large": 40, "none": 0}), public=True)
    assert shown == {"all": 51, "all:small": None, "all:medium": None, "all:large": 40, "all:none": 0}


def test_control_hiding_small_counts_alone_tells_them_by_subtraction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suppression, "_is_safe", lambda hidden: True)
    shown = published(division("all", {"small": 2, "medium": 9, "large": 40}), public=True)
    assert shown["all"] - shown["all:medium"] - shown["all:large"] == 2


def test_many_ones_are_all_hidden() -> None:
    shown = published(division("all", dict.fromkeys("abcde", 1) | {"none": 0}), public=True)
    assert shown == {"all": 5} | {f"all:{name}": None for name in (*"abcde", "none")}


def test_a_small_total_shows_nothing() -> None:
    shown = published(division("all", {"a": 2, "b": 1, "c": 0}), public=True)
    assert set(shown.values()) == {None}


def test_zero_concerns_nobody() -> None:
    assert published(division("all", {"a": 0, "b": 0}), public=True) == {"all": 0, "all:a": 0, "all:b": 0}


def test_the_edition_under_secrecy_shows_everything() -> None:
    shown = published(division("all", {"a": 2, "b": 1}), public=False)
    assert shown == {"all": 3, "all:a": 2, "all:b": 1}


@pytest.mark.parametrize(
    ("count", "total", "expected"),
    [(10, 60, 10), (3, 60, None), (57, 60, None), (0, 60, 0), (60, 60, 60), (0, 3, None), (0, 0, 0)],
)
def test_a_share_hides_itself_and_its_remainder(count: int, total: int, expected: int | None) -> None:
    assert one_of(count, total, public=True) == expected
    assert one_of(count, total, public=False) == count


def test_two_divisions_of_one_total_stay_apart() -> None:
    kinds = published(division("kind", {"threat": 3, "fire": 30, "theft": 17}), public=True)
    places = published(division("place", {"school": 2, "care": 48}), public=True)
    hidden = [key for shown in (kinds, places) for key, count in shown.items() if count is None]
    assert sorted(hidden) == ["kind:theft", "kind:threat", "place:care", "place:school"]
    # No pair of a shown part of one and a shown part of the other tells what they have in common.
    assert not any(set(pair) <= set(hidden) for pair in combinations(("kind:fire", "kind:threat"), 2))
