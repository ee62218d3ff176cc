"""The chart's drawing: nothing overlaps, all is inside, lines end at boxes, long names are parted."""

import itertools
import random

import pytest

from organisation.chart.drawing import ACROSS, Band, Box, draw_chart
from organisation.chart.sheets import FIRST_ROOM, LARGEST, ROOM, SHEET_WIDTH, on_screen, on_sheets
from organisation.chart.stacks import MOST_STACKS, PADDING, TALLEST, ChartBody, ChartColumn, evenly, stacked
from organisation.chart.text import LETTER, breadth, wrapped

WORDS = ("Socialförvaltningen", "Bygg- och miljönämnden", "Kultur", "Samhällsbyggnadsförvaltningen", "Ån", "A" * 60)


def some_body(chance: random.Random, depth: int = 0) -> ChartBody:
    below = chance.randrange(5) if depth < 3 else 0
    return ChartBody(
        chance.choice(WORDS),
        chance.choice(("", "Förvaltning, 12 enheter")),
        chance.choice(("", "3 vakanta")),
        chance.random() < 0.3,
        tuple(some_body(chance, depth + 1) for _child in range(below)),
    )


def some_chart(seed: int) -> list[Band]:
    chance = random.Random(seed)
    roles = ["board", *chance.choices(("overseen", ""), weights=(5, 1), k=chance.randrange(20))]
    columns = [ChartColumn(some_body(chance), role) for role in roles]
    return draw_chart(some_body(chance, 3) if chance.random() < 0.9 else None, columns)


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width and other.x < one.x + one.width and one.y < other.bottom and other.y < one.bottom
    )


def touches(point: tuple[float, float], box: Box) -> bool:
    x, y = point
    return box.x - 0.01 <= x <= box.x + box.width + 0.01 and box.y - 0.01 <= y <= box.bottom + 0.01


@pytest.mark.parametrize("seed", range(30))
def test_no_box_lies_on_another_and_all_is_inside(seed):
    for band in some_chart(seed):
        assert not [pair for pair in itertools.combinations(band.boxes, 2) if overlap(*pair)]
        for box in band.boxes:
            assert box.x >= 0
            assert box.y >= 0
            assert box.x + box.width <= band.width
            assert box.bottom <= band.height
            for text in box.lines:
                assert touches((text.x, text.y), box)
        for line in band.lines:
            assert min(line.x1, line.x2) >= 0
            assert max(line.x1, line.x2) <= band.width
            assert max(line.y1, line.y2) <= band.height


@pytest.mark.parametrize("seed", range(30))
def test_every_text_fits_its_box(seed):
    for band in some_chart(seed):
        for box in band.boxes:
            room = box.width - 2 * PADDING
            assert all(breadth(text.words) * LETTER[text.kind] <= room + 0.01 for text in box.lines)


@pytest.mark.parametrize("seed", range(10))
def test_dashed_lines_lead_from_box_to_box_or_in_from_the_band_before(seed):
    for number, band in enumerate(some_chart(seed)):
        for line in (line for line in band.lines if line.dashed):
            assert any(touches((line.x1, line.y1), box) for box in band.boxes) or (number and line.x1 == 0)
            assert any(touches((line.x2, line.y2), box) for box in band.boxes)


@pytest.mark.parametrize("seed", range(10))
def test_authorities_of_a_band_are_of_one_height(seed):
    for number, band in enumerate(some_chart(seed)):
        heads = [box for box in band.boxes if box.kind == "authority"]
        row = [box for box in heads if box.y > heads[0].y] or heads
        assert len({(box.y, box.height) for box in row}) == 1, number


def test_oversight_reaches_the_last_one_that_is_overseen_and_no_further():
    roles = ("board", "overseen", "", "overseen", "")
    (band,) = draw_chart(
        ChartBody("Fullmäktige"), [ChartColumn(ChartBody(str(n)), role) for n, role in enumerate(roles)]
    )
    dashed = [line for line in band.lines if line.dashed]
    heads = {box.lines[0].words: box for box in band.boxes}
    assert max(line.x2 for line in dashed) == heads["3"].x
    assert min(line.x1 for line in dashed) == heads["0"].x + heads["0"].width


def test_many_columns_are_drawn_in_even_bands_and_none_is_lost():
    names = [f"Nämnd {number}" for number in range(2 * ACROSS + 2)]
    bands = draw_chart(ChartBody("Fullmäktige"), [ChartColumn(ChartBody(name), "overseen") for name in names])
    assert [name for band in bands for name in band.names] == ["Fullmäktige", *names]
    assert [len(band.names) for band in bands] == [1 + 5, 5, 4]


def test_oversight_goes_on_into_the_next_band():
    columns = [ChartColumn(ChartBody("Styrelsen"), "board")]
    columns += [ChartColumn(ChartBody(f"Nämnd {number}"), "overseen") for number in range(3)]
    first, second = draw_chart(None, columns, across=2)
    assert [line.x1 for line in second.lines if line.dashed] == [0, second.boxes[0].x + second.boxes[0].width]
    # Without a board nobody oversees.
    assert not [line for band in draw_chart(None, columns[1:], across=2) for line in band.lines if line.dashed]


class TestStacks:
    def test_what_belongs_to_an_authority_stands_in_even_stacks(self):
        column = ChartColumn(ChartBody("Styrelsen", children=tuple(ChartBody(f"Del {n}") for n in range(8))))
        assert [[place.body.name for place in stack] for stack in stacked(column, "").stacks] == [
            [f"Del {n}" for n in range(4)],
            [f"Del {n}" for n in range(4, 8)],
        ]

    def test_a_body_is_not_parted_from_what_stands_below_it(self):
        below = ChartBody("Förvaltningen", children=tuple(ChartBody(f"Enhet {n}") for n in range(4)))
        column = ChartColumn(ChartBody("Styrelsen", children=(ChartBody("A"), ChartBody("B"), below)))
        assert [[place.depth for place in stack] for stack in stacked(column, "").stacks] == [[1, 1], [1, 2, 2, 2, 2]]

    def test_what_there_is_no_room_for_is_counted(self):
        children = tuple(ChartBody(f"Del {number}") for number in range(40))
        bands = draw_chart(None, [ChartColumn(ChartBody("Styrelsen", children=children))], more="och %(count)s till")
        (band,) = bands
        shown = [name for name in band.names if name.startswith("Del ")]
        assert shown == [f"Del {number}" for number in range(len(shown))]
        assert band.names[-1] == f"och {40 - len(shown)} till"
        assert len({box.x for box in band.boxes if box.kind == "line"}) == MOST_STACKS

    @pytest.mark.parametrize("seed", range(10))
    def test_no_stack_is_taller_than_it_may_be(self, seed):
        chance = random.Random(seed)
        for stack in stacked(ChartColumn(some_body(chance)), "").stacks:
            assert sum(place.room for place in stack) <= TALLEST or len(stack) == 1

    def test_runs_are_few_and_even(self):
        assert evenly([1] * 8, float, 6) == [[1] * 4, [1] * 4]
        assert evenly([3, 1, 1, 1, 1, 1], float, 6) == [[3, 1], [1, 1, 1, 1]]
        assert evenly([9, 1], float, 6) == [[9], [1]]
        assert evenly([], float, 6) == []


class TestSheets:
    @pytest.mark.parametrize("seed", range(30))
    def test_all_is_drawn_and_every_sheet_holds_what_is_on_it(self, seed):
        bands = some_chart(seed)
        sheets = on_sheets(bands)
        assert [one["names"] for sheet in sheets for one in sheet] == [list(band.names) for band in bands]
        for number, sheet in enumerate(sheets):
            sizes = [[float(one[side].removesuffix("mm")) for side in ("shown_width", "shown_height")] for one in sheet]
            assert all(width <= SHEET_WIDTH + 0.1 for width, _height in sizes)
            assert sum(height for _width, height in sizes) <= (ROOM if number else FIRST_ROOM) + 0.1

    def test_small_bands_share_a_sheet_and_texts_can_be_read(self):
        names = [f"Nämnd {number}" for number in range(3 * ACROSS)]
        bands = draw_chart(ChartBody("Fullmäktige"), [ChartColumn(ChartBody(name)) for name in names])
        (sheet,) = on_sheets(bands)
        assert len(sheet) == 3
        for one in sheet:
            scale = float(one["shown_width"].removesuffix("mm")) / float(one["width"])
            points = 12 * scale / 25.4 * 72
            assert 7.5 <= points <= 12 * LARGEST / 25.4 * 72 + 0.1

    def test_coordinates_are_written_with_points(self):
        (one,) = on_screen(draw_chart(ChartBody("Fullmäktige"), []))
        assert "," not in one["width"] + one["shown_height"] + one["boxes"][0]["x"]
        assert on_sheets([]) == []


def test_of_nothing_nothing_is_drawn():
    assert draw_chart(None, []) == []
    (band,) = draw_chart(ChartBody("Fullmäktige"), [])
    assert len(band.boxes) == 1


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Äldrenämnden", ["Äldrenämnden"]),
        ("Samhällsbyggnadsförvaltningen", ["Samhällsbyggnads-", "förvaltningen"]),
        ("Bygg- och miljönämnden i kommunen", ["Bygg- och", "miljönämnden i", "kommunen"]),
        ("Kommunstyrelse, 2 enheter", ["Kommunstyrelse,", "2 enheter"]),
        ("", []),
    ],
)
def test_long_names_are_parted_where_people_would(name, lines):
    assert wrapped(name, 17) == lines
