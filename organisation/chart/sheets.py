"""The chart as SVG: on the screen as wide as the page, on paper shared out over sheets laid on their side."""

from collections.abc import Sequence
from typing import Any

from organisation.chart.drawing import Band

# Texts are drawn at 12 units: 14 pixels on the screen.
PIXELS = 1.17
ON_SCREEN, ON_PAPER = 5, 6
# Millimetres of an A4 sheet on its side: its width, and its height below the head of the paper or of a later sheet.
SHEET_WIDTH, FIRST_ROOM, ROOM, APART = 253.0, 116.0, 128.0, 8.0
# Nothing is drawn larger than this; millimetres for one unit, so that texts are 10 points at most.
LARGEST = 0.29


def on_screen(bands: Sequence[Band]) -> list[dict[str, Any]]:
    """Return the drawings as they are shown on a page."""
    return [_svg(band, PIXELS, "") for band in bands]


def on_sheets(bands: Sequence[Band]) -> list[list[dict[str, Any]]]:
    """Return the drawings of each sheet, all to one scale but those that would not fit a sheet by themselves."""
    sheets: list[list[dict[str, Any]]] = []
    widest = max((band.width for band in bands), default=1)
    scale, left = min(LARGEST, SHEET_WIDTH / widest), 0.0
    for band in bands:
        height = band.height * scale
        if not sheets or height > left:
            left = ROOM if sheets else FIRST_ROOM
            sheets.append([])
        sheets[-1].append(_svg(band, min(scale, left / band.height), "mm"))
        left -= height + APART
    return sheets


def _svg(band: Band, scale: float, unit: str) -> dict[str, Any]:
    """Return the drawing with its coordinates as text: a template would write 51.7 as "51,7" in Swedish."""
    return {
        "width": _text(band.width),
        "height": _text(band.height),
        "shown_width": _text(band.width * scale) + unit,
        "shown_height": _text(band.height * scale) + unit,
        "names": list(band.names),
        "boxes": [
            {
                **{side: _text(getattr(box, side)) for side in ("x", "y", "width", "height")},
                "kind": box.kind,
                "lines": [
                    {"x": _text(one.x), "y": _text(one.y), "words": one.words, "kind": one.kind} for one in box.lines
                ],
            }
            for box in band.boxes
        ],
        "lines": [
            {**{end: _text(getattr(line, end)) for end in ("x1", "y1", "x2", "y2")}, "dashed": line.dashed}
            for line in band.lines
        ],
    }


def _text(number: float) -> str:
    return f"{number:.1f}"
