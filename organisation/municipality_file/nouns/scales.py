"""Risk scales: two ladders of words and a band for each cell of their matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from organisation.municipality_file.kinds import ScaleUse
from organisation.municipality_file.nouns.base import Between, Dated, Key, Name
from organisation.municipality_file.nouns.vocabulary import Band, Level


@dataclass(frozen=True, kw_only=True)
class Scale(Dated):
    """A version of a risk scale, in force in [from, to).

    `likelihood` and `consequence` go from the lowest level to the highest. `matrix` is written as it is drawn:
    the first row is the HIGHEST likelihood, each row goes from the lowest consequence to the highest, each cell
    is a band's key. Ask `band()` rather than index it.
    """

    unique_by: ClassVar[tuple[str, ...]] = ("key", "version")

    key: Key
    name: Name
    version: Annotated[int, Between(1, 999)] = 1
    use: ScaleUse = ScaleUse.GENERAL
    likelihood: tuple[Level, ...]
    consequence: tuple[Level, ...]
    bands: tuple[Band, ...]
    matrix: tuple[tuple[str, ...], ...]

    def band(self, likelihood: int, consequence: int) -> Band:
        """The band of a cell; both levels count from 1 (lowest)."""
        cell = self.matrix[len(self.likelihood) - likelihood][consequence - 1]
        return next(band for band in self.bands if band.key == cell)
