"""The municipality's own risk scale: words for likelihood and consequence, and a level for each cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisation.models import DatedModel, DatedQuerySet, Municipality, SourcedModel, TenantModel

# A municipality may have further scales, for internal control or information security.
GENERAL = "general"


@dataclass(frozen=True)
class Band:
    """A level of risk: its word, its order, and the severity 1–4 that decides colour and poles."""

    key: str
    word: str
    severity: int


@dataclass(frozen=True)
class Level:
    """Where a risk stands: its band, and the likelihood and consequence of its cell."""

    band: Band
    likelihood: int
    consequence: int

    @property
    def word(self) -> str:
        return self.band.word

    @property
    def severity(self) -> int:
        return self.band.severity

    @property
    def number(self) -> int:
        """The number that people know the cell by; a label only, the level never comes from it."""
        return self.likelihood * self.consequence


def cell_name(likelihood: int, consequence: int) -> str:
    """Return the name of a cell, "4x5": as it is stored on a risk and written in addresses."""
    return f"{likelihood}x{consequence}"


def cell_of(name: str) -> tuple[int, int]:
    """Return (likelihood, consequence) of a cell's name."""
    likelihood, consequence = name.split("x")
    return int(likelihood), int(consequence)


class ScaleQuerySet(DatedQuerySet):
    """Questions about many scales."""

    def for_risks(self, municipality: Municipality, on: date) -> "Scale | None":
        """Return the scale that risks are judged on the day ``on``: the general one, else the only other there is."""
        standing = self.filter(municipality=municipality).in_force(on).order_by("pk")
        scales = cast(list[Scale], list(standing))
        general = [scale for scale in scales if scale.use == GENERAL]
        return next(iter(general or scales), None)


class Scale(TenantModel, SourcedModel, DatedModel):
    """A version of a risk scale, 3×3 to 6×6, in force during a period.

    ``likelihood`` and ``consequence`` are lists of words, lowest first. ``bands`` is a list of
    ``{"key", "word", "severity"}``, lowest first. ``cells`` holds one band key per cell,
    ``cells[likelihood - 1][consequence - 1]``: the level is set per cell, never by a product.
    """

    name = models.CharField(max_length=120)
    use = models.CharField(max_length=30, default=GENERAL)
    likelihood = models.JSONField(default=list)
    consequence = models.JSONField(default=list)
    bands = models.JSONField(default=list)
    cells = models.JSONField(default=list)
    objects = ScaleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("scale")
        verbose_name_plural = _("scales")
        ordering = ("municipality", "-valid_from")
        constraints = (
            *DatedModel.Meta.constraints,
            models.UniqueConstraint(fields=("municipality", "key"), name="risks_scale_key_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def levels(self) -> Sequence[Band]:
        """The bands, lowest first."""
        return [Band(band["key"], band["word"], band["severity"]) for band in self.bands]

    def band(self, likelihood: int, consequence: int) -> Band:
        """Return the band of one cell; both are counted from 1."""
        key = self.cells[likelihood - 1][consequence - 1]
        return next(band for band in self.levels if band.key == key)

    def band_of(self, key: str) -> Band:
        """Return the band with ``key``."""
        return next(band for band in self.levels if band.key == key)

    def level_at(self, cell: str, band_key: str) -> Level:
        """Return the level of a judgement as it was made: its cell, and the band that the cell then had."""
        likelihood, consequence = cell_of(cell)
        return Level(self.band_of(band_key), likelihood, consequence)

    def level(self, likelihood: int, consequence: int) -> Level:
        """Return the level of one cell; both are counted from 1."""
        return Level(self.band(likelihood, consequence), likelihood, consequence)

    def holds(self, likelihood: int, consequence: int) -> bool:
        """Tell whether the scale has such a cell."""
        return 1 <= likelihood <= len(self.likelihood) and 1 <= consequence <= len(self.consequence)

    def rank(self, band_key: str) -> int:
        """Return the order of a band, 1 for the lowest."""
        return [band["key"] for band in self.bands].index(band_key) + 1
