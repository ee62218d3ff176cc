"""What has been reorganised: a dated change of the tree, with the decision it rests on and what moved."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisation.models.base import TenantModel
from organisation.models.body import Body


class ReorganisationKind(models.TextChoices):
    """What can be done to the tree of bodies."""

    CREATE = "create", _("create")
    RENAME = "rename", _("rename")
    MOVE = "move", _("move")
    MERGE = "merge", _("merge")
    SPLIT = "split", _("split")
    CLOSE = "close", _("close")


class Reorganisation(TenantModel):
    """One decided change of the tree, in effect from a day; written together with the rows it changes."""

    kind = models.CharField(max_length=20, choices=ReorganisationKind.choices)
    takes_effect_on = models.DateField()
    reference = models.CharField(_("decision"), max_length=120, blank=True)
    note = models.TextField(blank=True)
    # What the preview showed and the person confirmed: rows of (key in ``organisation.holdings``, count at the
    # bodies themselves, count below them).
    moved = models.JSONField(default=list, blank=True)
    # A body that passes from one authority to another takes its cases along: a recorded disclosure.
    crosses_authorities = models.BooleanField(default=False)
    submission_key = models.UUIDField(unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("reorganisation")
        verbose_name_plural = _("reorganisations")
        ordering = ("municipality", "-at", "-pk")
        indexes = (models.Index(fields=("municipality", "-at", "-id"), name="organisation_reorganisations"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(crosses_authorities=False) | ~models.Q(reference=""),
                name="organisation_crossing_rests_on_a_decision",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.takes_effect_on}"


class ReorganisedBody(TenantModel):
    """A body that took part in a reorganisation: what stood before, what came of it, and where it stood and stands."""

    class Part(models.TextChoices):
        """The body's part in the change."""

        BEFORE = "before", _("before")
        AFTER = "after", _("after")
        FROM = "from", _("stood under")
        TO = "to", _("stands under")

    reorganisation = models.ForeignKey(Reorganisation, on_delete=models.CASCADE, related_name="parts")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="reorganisations")
    part = models.CharField(max_length=10, choices=Part.choices)
    # As the change left it; the body may be called otherwise today.
    name = models.CharField(max_length=160)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("reorganised body")
        verbose_name_plural = _("reorganised bodies")
        ordering = ("reorganisation", "-part", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("reorganisation", "body", "part"), name="organisation_reorganised_body_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reorganisation_id} {self.part} {self.name}"
