"""Risks and how they are judged: each assessment is a dated row with its author, nothing is overwritten."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from incidents.models import Incident
from organisation.access import ScopedQuerySet
from organisation.models import Body, BodyClosure, TenantModel
from policies.models import Area, Dimension, ProtectedValue
from risks.models.scale import Level, Scale, cell_name
from risks.permissions import VIEW_RISK

# The columns of a risk that ``risks.ranking`` writes.
DERIVED = (
    "scale_before",
    "scale_now",
    "band_before",
    "band_now",
    "cell_before",
    "cell_now",
    "severity_before",
    "severity_now",
    "judged_after",
    "sort_key",
)


class Horizon(models.TextChoices):
    """Whether the risk exists now or is foreseen (R89)."""

    EXISTING = "existing", _("exists now")
    FUTURE = "future", _("may arise later")


class Serious(models.TextChoices):
    """The separate statement that AFS 2023:1 11 § asks for beside the level."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Don't know")


class RiskState(models.TextChoices):
    """Whether the risk is still there."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Stage(models.TextChoices):
    """When an assessment speaks of: as it is, after measures, or as it should be."""

    BEFORE = "before", _("before measures")
    AFTER = "after", _("after measures")
    TARGET = "target", _("target")


class RiskQuerySet(ScopedQuerySet):
    """Questions about many risks."""

    view_permission = VIEW_RISK

    def open(self) -> Self:
        """Risks that are still there."""
        return self.filter(state=RiskState.OPEN)

    def with_levels(self) -> Self:
        """Together with the scales that their levels stand on, their body and area: what a list shows."""
        return self.select_related("body", "area", "protected_value", "scale_before", "scale_now")

    def at_or_below(self, body: Body) -> Self:
        """Risks at ``body`` and at what lies below it today."""
        below = BodyClosure.objects.filter(ancestor=body).values("descendant_id")
        return self.filter(body_id__in=below)

    def worst_first(self) -> Self:
        """The stored order: persons and level as the municipality ranks them (R3, R139), then newest."""
        return self.order_by("-sort_key", "-pk")


class Risk(TenantModel):
    """Something that can happen to what the municipality protects, at one body."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="risks")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="risks")
    protected_value = models.ForeignKey(
        ProtectedValue, null=True, blank=True, on_delete=models.PROTECT, related_name="risks"
    )
    horizon = models.CharField(max_length=10, choices=Horizon.choices, default=Horizon.EXISTING)
    serious = models.CharField(max_length=10, choices=Serious.choices, default=Serious.UNKNOWN)
    state = models.CharField(max_length=10, choices=RiskState.choices, default=RiskState.OPEN)
    # Derived by ``risks.ranking`` in the transaction that writes an assessment: where the risk stands, on which
    # scale, and its place in lists. A cell is "likelihood x consequence"; "now" is after measures, else before.
    scale_before = models.ForeignKey(Scale, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    scale_now = models.ForeignKey(Scale, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    band_before = models.CharField(max_length=40, blank=True, editable=False)
    band_now = models.CharField(max_length=40, blank=True, editable=False)
    cell_before = models.CharField(max_length=8, blank=True, editable=False)
    cell_now = models.CharField(max_length=8, blank=True, editable=False)
    severity_before = models.PositiveSmallIntegerField(default=0, editable=False)
    severity_now = models.PositiveSmallIntegerField(default=0, editable=False)
    judged_after = models.BooleanField(default=False, editable=False)
    sort_key = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    incidents = models.ManyToManyField(Incident, through="RiskGround", related_name="risks")
    objects = RiskQuerySet.as_manager()
    # The derived columns have their history in the assessments.
    history = HistoricalRecords(excluded_fields=list(DERIVED))

    class Meta:
        verbose_name = _("risk")
        verbose_name_plural = _("risks")
        ordering = ("-sort_key", "-pk")
        constraints = (models.UniqueConstraint(fields=("municipality", "year", "number"), name="risks_number_once"),)
        indexes = (
            models.Index(fields=("municipality", "state", "-sort_key", "-id"), name="risks_worst_first"),
            models.Index(fields=("body", "state"), name="risks_body"),
            models.Index(fields=("municipality", "state", "cell_now"), name="risks_cell_now"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        """The number that people say: R-2026-104."""
        return f"R-{self.year}-{self.number:03d}"

    @property
    def is_open(self) -> bool:
        """Tell whether the risk is still there."""
        return self.state == RiskState.OPEN

    @property
    def level_before(self) -> Level | None:
        """Where the risk stood before measures; needs ``with_levels()`` to cost no query."""
        return self.scale_before.level_at(self.cell_before, self.band_before) if self.scale_before else None

    @property
    def level_now(self) -> Level | None:
        """Where the risk stands: after measures when that is judged, else before."""
        return self.scale_now.level_at(self.cell_now, self.band_now) if self.scale_now else None

    @property
    def level_after(self) -> Level | None:
        """Where the risk stands after measures; None until that is judged."""
        return self.level_now if self.judged_after else None


class RiskCounter(models.Model):
    """The last number given to a risk of one municipality in one year; its row is the lock for the next."""

    municipality = models.ForeignKey("organisation.Municipality", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("risk counter")
        verbose_name_plural = _("risk counters")
        constraints = (models.UniqueConstraint(fields=("municipality", "year"), name="risks_counter_once"),)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class RiskStatus(models.Model):
    """One change of a risk's state: who, when, from, to and why. Never edited."""

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="statuses")
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10, choices=RiskState.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("risk status")
        verbose_name_plural = _("risk statuses")
        ordering = ("risk", "at", "pk")

    def __str__(self) -> str:
        return f"{self.risk_id} {self.to_state}"


class Assessment(TenantModel):
    """One judgement of a risk: likelihood and consequences by someone on a day, on a version of the scale."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="assessments")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    scale = models.ForeignKey(Scale, on_delete=models.PROTECT, related_name="+")
    likelihood = models.PositiveSmallIntegerField()
    # The worst over dimensions, and its band: stored, so that an old judgement reads as it was made.
    consequence = models.PositiveSmallIntegerField()
    persons_consequence = models.PositiveSmallIntegerField(null=True, blank=True)
    band = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    assessed_on = models.DateField()
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ("risk", "-assessed_on", "-pk")
        indexes = (models.Index(fields=("risk", "stage", "-assessed_on", "-id"), name="risks_latest"),)

    def __str__(self) -> str:
        return f"{self.risk_id} {self.stage} {self.likelihood}×{self.consequence}"

    @property
    def level(self) -> Level:
        """The level as it was set when the assessment was made."""
        return self.scale.level_at(cell_name(self.likelihood, self.consequence), self.band)

    @property
    def likelihood_word(self) -> str:
        """The scale's word for the likelihood."""
        return str(self.scale.likelihood[self.likelihood - 1])

    @property
    def consequence_word(self) -> str:
        """The scale's word for the worst consequence."""
        return str(self.scale.consequence[self.consequence - 1])


class AssessedConsequence(models.Model):
    """The consequence of a risk on one of the municipality's dimensions."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="consequences")
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("assessed consequence")
        verbose_name_plural = _("assessed consequences")
        ordering = ("assessment", "dimension__position")
        constraints = (models.UniqueConstraint(fields=("assessment", "dimension"), name="risks_consequence_once"),)

    def __str__(self) -> str:
        return f"{self.dimension}: {self.level}"


class RiskGround(TenantModel):
    """An incident that grounds a risk."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="grounds")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="grounded_risks")
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("ground of a risk")
        verbose_name_plural = _("grounds of risks")
        constraints = (models.UniqueConstraint(fields=("risk", "incident"), name="risks_ground_once"),)

    def __str__(self) -> str:
        return f"{self.risk_id} ← {self.incident_id}"
