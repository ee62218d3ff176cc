"""The organisation chart as a drawing: where each box and line stands (R133). Pure: bodies in, coordinates out.

The council stands on top; the board, the committees and the companies beside each other below it; what belongs to
each in stacks under it. A dashed line leads from the board to those it oversees: a relation, not parenthood.
Where there are many, they are drawn in bands of a few, one below the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from organisation.chart.stacks import (
    BETWEEN,
    GAP,
    INDENT,
    LINE,
    PADDING,
    WIDTH,
    ChartBody,
    ChartColumn,
    Place,
    Stacked,
    evenly,
    height_of,
    said_in,
    stacked,
)

# Stacks beside each other in one band.
ACROSS = 6
EDGE, TOP_WIDTH, DROP = 1.0, 260.0, 34.0


@dataclass(frozen=True)
class Text:
    """One line of text in a box: where it begins, and whether it is the name, a note or a gap."""

    x: float
    y: float
    words: str
    kind: str = "name"


@dataclass(frozen=True)
class Box:
    """One body as a box; ``kind`` is "authority", "line" or "beside"; ``name`` is whole, where the lines part it."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    name: str
    lines: tuple[Text, ...]

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Line:
    """A straight line from one point to another; dashed where it is oversight."""

    x1: float
    y1: float
    x2: float
    y2: float
    dashed: bool = False


@dataclass(frozen=True)
class Band:
    """One drawing: all of a small chart, or a few columns of a larger one, with the names in it in their order."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(box.name for box in self.boxes)


def draw_chart(
    top: ChartBody | None, columns: Sequence[ChartColumn], more: str = "+ %(count)s", *, across: int = ACROSS
) -> list[Band]:
    """Return the drawings of ``columns`` under ``top``, none when there is neither.

    ``more`` is said of bodies that there is no room for; ``across`` stacks stand beside each other in a band.
    """
    groups = evenly([stacked(column, more) for column in columns], lambda column: column.across, across)
    if top is not None and not groups:
        groups = [[]]
    bands: list[Band] = []
    for place, group in enumerate(groups):
        earlier = [column.column.role for before in groups[:place] for column in before]
        drawing = _Drawing(None if place else top, group, goes_on=place > 0, board_before="board" in earlier)
        bands.append(drawing.band())
    return bands


@dataclass
class _Drawing:
    """One band while it is drawn: from the top down, authority by authority."""

    top: ChartBody | None
    columns: Sequence[Stacked]
    goes_on: bool
    board_before: bool
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def left(self) -> float:
        """Where the first authority begins: after the lines that come in from the band before."""
        return EDGE + (GAP if self.goes_on else 0)

    @property
    def width(self) -> float:
        columns = sum(column.width + GAP for column in self.columns) - GAP
        return max(self.left + columns + EDGE, TOP_WIDTH + 2 * EDGE if self.top is not None else 0)

    def band(self) -> Band:
        row = self._draw_top()
        heads = self._draw_heads(row)
        self._draw_lines_to(heads)
        for head, column in zip(heads, self.columns, strict=True):
            for number, stack in enumerate(column.stacks):
                self._draw_stack(head, head.x + number * (WIDTH + GAP), stack)
        height = max((box.bottom for box in self.boxes), default=0) + EDGE
        return Band(self.width, height, tuple(self.boxes), (*self._oversight(heads), *self.lines))

    def _draw_top(self) -> float:
        """Draw the council; return where the row of authorities begins."""
        bottom = EDGE
        if self.top is not None:
            left = self.width / 2 - TOP_WIDTH / 2
            bottom = self._box(self.top, left, EDGE, TOP_WIDTH, "authority").bottom
        return bottom + DROP if self.top is not None or self.goes_on else bottom

    def _draw_heads(self, row: float) -> list[Box]:
        """Draw the authorities, all as tall as the tallest, so that what is below begins on one line."""
        tallest = max((height_of(column.column.body, column.width) for column in self.columns), default=0)
        heads, left = [], self.left
        for column in self.columns:
            heads.append(self._box(column.column.body, left, row, column.width, "authority", tallest))
            left += column.width + GAP
        return heads

    def _draw_lines_to(self, heads: Sequence[Box]) -> None:
        """Draw the lines from the council, or from the band before, to the authorities."""
        if not heads or (self.top is None and not self.goes_on):
            return
        across = heads[0].y - DROP / 2
        ends = [head.middle for head in heads]
        if self.top is not None:
            middle = self.boxes[0].middle
            self.lines.append(Line(middle, self.boxes[0].bottom, middle, across))
            ends.append(middle)
        else:
            ends.append(0)
        self.lines.append(Line(min(ends), across, max(ends), across))
        self.lines += [Line(head.middle, across, head.middle, head.y) for head in heads]

    def _draw_stack(self, head: Box, left: float, stack: Sequence[Place]) -> None:
        y, spine, ends = head.bottom + BETWEEN, left + INDENT / 2, head.bottom
        for place in stack:
            kind = "beside" if place.body.beside else "line"
            box = self._box(place.body, left + place.indent, y, WIDTH - place.indent, kind)
            ends = y + box.height / 2
            self.lines.append(Line(spine, ends, box.x, ends))
            y = box.bottom + BETWEEN
        self.lines.append(Line(spine, head.bottom, spine, ends))

    def _box(self, body: ChartBody, x: float, y: float, width: float, kind: str, at_least: float = 0) -> Box:
        lines = tuple(
            Text(x + PADDING, y + PADDING + LINE * (number + 0.75), words, sort)
            for number, (words, sort) in enumerate(said_in(body, width))
        )
        box = Box(x, y, width, max(height_of(body, width), at_least), kind, body.name, lines)
        self.boxes.append(box)
        return box

    def _oversight(self, heads: Sequence[Box]) -> list[Line]:
        """Return the dashed line from the board through the gaps to the last of those that it oversees.

        In a band that goes on from another, it comes in from the left edge.
        """
        roles = [column.column.role for column in self.columns]
        overseen = [place for place, role in enumerate(roles) if role == "overseen"]
        if not overseen or not ("board" in roles or self.board_before):
            return []
        level = heads[0].y + heads[0].height / 2
        comes_in = [] if "board" in roles else [Line(0, level, heads[0].x, level, dashed=True)]
        begins = roles.index("board") if "board" in roles else 0
        gaps = zip(heads[begins : max(overseen)], heads[begins + 1 :], strict=False)
        return comes_in + [Line(here.x + here.width, level, there.x, level, dashed=True) for here, there in gaps]
