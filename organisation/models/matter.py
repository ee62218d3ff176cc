"""Matters between chairs: what several bodies share and nobody has taken (R22)."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisation.models.base import TenantModel
from organisation.models.body import Body


class MatterState(models.TextChoices):
    """Whose the matter is."""

    OPEN = "open", _("with the safety unit")
    TAKEN_OVER = "taken_over", _("taken over")
    CLOSED = "closed", _("no longer a question")


class CoordinationMatterQuerySet(models.QuerySet):
    """Questions about many matters."""

    def open(self) -> Self:
        """Matters that are still the safety unit's."""
        return self.filter(state=MatterState.OPEN)

    def of(self, municipality: Any) -> Self:
        """Matters of one municipality."""
        return self.filter(municipality=municipality)


class CoordinationMatter(TenantModel):
    """An open question between several bodies: the safety unit's, until one of them has taken it over (R22)."""

    question = models.CharField(max_length=200)
    background = models.TextField(blank=True)
    state = models.CharField(max_length=20, choices=MatterState.choices, default=MatterState.OPEN)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    taken_over_by = models.ForeignKey(
        Body, null=True, blank=True, on_delete=models.PROTECT, related_name="matters_taken"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    submission_key = models.UUIDField(unique=True)
    objects = CoordinationMatterQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("matter between chairs")
        verbose_name_plural = _("matters between chairs")
        ordering = ("municipality", "raised_at", "pk")
        indexes = (models.Index(fields=("municipality", "raised_at", "id"), name="organisation_matters"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="taken_over", taken_over_by__isnull=False)
                | (~Q(state="taken_over") & Q(taken_over_by__isnull=True)),
                name="organisation_matter_taken_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True) | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="organisation_matter_settled_on_a_day",
            ),
        )

    def __str__(self) -> str:
        return self.question

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has taken the matter over yet."""
        return self.state == MatterState.OPEN


class MatterBody(TenantModel):
    """A body that a matter concerns."""

    matter = models.ForeignKey(CoordinationMatter, on_delete=models.CASCADE, related_name="involved")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="matters")
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("body of a matter")
        verbose_name_plural = _("bodies of matters")
        ordering = ("matter", "pk")
        constraints = (models.UniqueConstraint(fields=("matter", "body"), name="organisation_matter_body_once"),)

    def __str__(self) -> str:
        return f"{self.matter_id} {self.body_id}"


class MatterStatus(models.Model):
    """One step of a matter: a note, or a change of whose it is; who, when and why. Never edited."""

    matter = models.ForeignKey(CoordinationMatter, on_delete=models.CASCADE, related_name="statuses")
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, choices=MatterState.choices)
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("step of a matter")
        verbose_name_plural = _("steps of matters")
        ordering = ("matter", "at", "pk")

    def __str__(self) -> str:
        return f"{self.matter_id} {self.to_state}"
