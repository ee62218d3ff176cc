"""How a judgement becomes a level, and a level a place in the list.

The level is the band of the cell (likelihood, consequence), where consequence is the worst over the
municipality's own dimensions. A band is never computed by a product.

The list is ordered by one stored number, ``Risk.sort_key``, the greatest first. It is made of these
parts, the weightiest first:

=================  ==========================================================================
persons are        parts
=================  ==========================================================================
ranked highest     level of the risk to persons; level; consequence to persons; likelihood;
(R3)               consequence
ranked high        level; consequence to persons; likelihood; consequence
(R139)
without a rule     level; likelihood; consequence
=================  ==========================================================================

The level of the risk to persons is the band of the cell (likelihood, consequence to persons): with
"highest", a risk that can hurt someone stands above every risk of a lower level to persons, whatever
it may cost; yet a remote risk to persons does not hide a likely one. Where nobody is concerned, or the
municipality has no dimension about persons, that part is nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from organisation.models import PersonsRank
from policies.models import Dimension
from risks.errors import ConsequenceMissing, OutsideScale
from risks.models import Scale, Stage, cell_name

# Bits of each part; together they fit a positive integer column. A step beyond its part counts as the last.
SEVERITY_BITS, RANK_BITS, STEP_BITS = 3, 6, 4


class Judged(Protocol):
    """What ranking reads of an assessment."""

    @property
    def scale(self) -> Scale: ...
    @property
    def likelihood(self) -> int: ...
    @property
    def consequence(self) -> int: ...
    @property
    def persons_consequence(self) -> int | None: ...
    @property
    def band(self) -> str: ...


@dataclass(frozen=True)
class Judgement:
    """A likelihood and consequences put together on a scale, before it is an assessment."""

    scale: Scale
    likelihood: int
    consequence: int
    persons_consequence: int | None
    band: str

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of an ``Assessment`` that hold it."""
        return {
            "scale": self.scale,
            "likelihood": self.likelihood,
            "consequence": self.consequence,
            "persons_consequence": self.persons_consequence,
            "band": self.band,
        }


def judge(scale: Scale, likelihood: int, consequences: Mapping[Dimension | None, int]) -> Judgement:
    """Return the judgement of ``likelihood`` and ``consequences`` (dimension → step, both from 1) on ``scale``.

    A dimension that isn't touched is left out. A municipality without dimensions has one consequence,
    under the key None. Raises ``ConsequenceMissing`` when there is none at all, ``OutsideScale`` for a
    step that the scale doesn't have.
    """
    if not consequences:
        raise ConsequenceMissing
    if not all(scale.holds(likelihood, step) for step in consequences.values()):
        raise OutsideScale
    worst = max(consequences.values())
    persons = [step for dimension, step in consequences.items() if dimension is not None and dimension.about_persons]
    return Judgement(
        scale=scale,
        likelihood=likelihood,
        consequence=worst,
        persons_consequence=max(persons, default=None),
        band=scale.band(likelihood, worst).key,
    )


def sort_key(judged: Judged, persons_rank: str) -> int:
    """Return the place in the list of a risk so ``judged``, by the municipality's rule on the day (see above)."""
    persons = judged.persons_consequence or 0
    level = _level(judged.scale, judged.band)
    tail = [(judged.likelihood, STEP_BITS), (judged.consequence, STEP_BITS)]
    if persons_rank == PersonsRank.HIGHEST:
        to_persons = judged.scale.band(judged.likelihood, persons).key if persons else None
        return _packed([*_level(judged.scale, to_persons), *level, (persons, STEP_BITS), *tail])
    if persons_rank == PersonsRank.HIGH:
        return _packed([*level, (persons, STEP_BITS), *tail])
    return _packed([*level, *tail])


def _level(scale: Scale, band_key: str | None) -> list[tuple[int, int]]:
    """Return the parts of a level: severity first, since it means the same on every scale."""
    if band_key is None:
        return [(0, SEVERITY_BITS), (0, RANK_BITS)]
    return [(scale.band_of(band_key).severity, SEVERITY_BITS), (scale.rank(band_key), RANK_BITS)]


def _packed(parts: Iterable[tuple[int, int]]) -> int:
    number = 0
    for value, bits in parts:
        number = number << bits | min(value, (1 << bits) - 1)
    return number


def derived_columns(latest: Mapping[str, Judged], persons_rank: str) -> dict[str, Any]:
    """Return the derived columns of a risk (``risks.models.DERIVED``) from its latest judgement per stage.

    ``latest`` maps ``Stage`` to the newest judgement of that stage. Now is after measures, else before;
    a target moves nothing. A risk without any judgement has empty columns.
    """
    before = latest.get(Stage.BEFORE)
    now = latest.get(Stage.AFTER) or before
    return {
        **_standing("before", before),
        **_standing("now", now),
        "judged_after": Stage.AFTER in latest,
        "sort_key": sort_key(now, persons_rank) if now else 0,
    }


def _standing(when: str, judged: Judged | None) -> dict[str, Any]:
    if judged is None:
        return {f"scale_{when}": None, f"band_{when}": "", f"cell_{when}": "", f"severity_{when}": 0}
    return {
        f"scale_{when}": judged.scale,
        f"band_{when}": judged.band,
        f"cell_{when}": cell_name(judged.likelihood, judged.consequence),
        f"severity_{when}": judged.scale.band_of(judged.band).severity,
    }
