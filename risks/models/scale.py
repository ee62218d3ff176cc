"""The municipality's own risk scale: words for likelihood and consequence, and a level for each cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisation.models import DatedModel, DatedQuerySet, SourcedModel, TenantModel


@dataclass(frozen=True)
class Band:
    """A level of risk: its word, its order, and the severity 1–4 that decides colour and poles."""

    key: str
    word: str
    severity: int


class Scale(TenantModel, SourcedModel, DatedModel):
    """A version of a risk scale, 3×3 to 6×6, in force during a period.

    ``likelihood`` and ``consequence`` are lists of words, lowest first. ``bands`` is a list of
    ``{"key", "word", "severity"}``, lowest first. ``cells`` holds one band key per cell,
    ``cells[likelihood - 1][consequence - 1]``: the level is set per cell, never by a product.
    """

    name = models.CharField(max_length=120)
    use = models.CharField(max_length=30, default="general")
    likelihood = models.JSONField(default=list)
    consequence = models.JSONField(default=list)
    bands = models.JSONField(default=list)
    cells = models.JSONField(default=list)
    objects = DatedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("scale")
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

    def rank(self, band_key: str) -> int:
        """Return the order of a band, 1 for the lowest."""
        return [band["key"] for band in self.bands].index(band_key) + 1
