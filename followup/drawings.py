"""The report's own drawings, as coordinates in text: a template would write 51.7 as "51,7" in Swedish."""

from collections.abc import Sequence
from dataclasses import dataclass

from followup.wording import shown

WIDTH, BASELINE, TALLEST, PITCH = 460, 104, 84.0, 84
SHARE_WIDTH = 200


@dataclass(frozen=True)
class Column:
    """One year's bar with its number above and its year below; a hidden count has no bar."""

    year: str
    text: str
    x: str
    y: str
    width: str
    height: str
    middle: str
    above: str
    is_last: bool


def columns(years: Sequence[tuple[int, int | None]]) -> list[Column]:
    """Return a bar per (year, count), all on one scale that begins at zero."""
    most = max((count for _year, count in years if count), default=1)
    drawn = []
    for place, (year, count) in enumerate(years):
        left, height = 12 + place * PITCH, TALLEST * (count or 0) / most
        drawn.append(
            Column(
                year=str(year),
                text=shown(count),
                x=f"{left:.1f}",
                y=f"{BASELINE - height:.1f}",
                width="48.0",
                height=f"{height:.1f}",
                middle=f"{left + 24:.1f}",
                above=f"{BASELINE - height - 5:.1f}",
                is_last=place == len(years) - 1,
            )
        )
    return drawn


def share(part: int, whole: int) -> str:
    """Return the width of a bar that shows ``part`` of ``whole``."""
    return f"{SHARE_WIDTH * part / whole if whole else 0:.1f}"
