"""Measures: what, how, when, who and with which resources (R93), of one type (R86) in one area (R87)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actionplans.models.plan import Plan
from organisation.models import Seat, TenantModel
from policies.models import Area
from risks.models import Risk


class MeasureType(models.TextChoices):
    """What a measure does to a risk (R86, R91)."""

    ELIMINATE = "eliminate", _("Eliminate the risk")
    PREVENT = "prevent", _("Prevent damage")
    LIMIT = "limit", _("Limit the effects")


class MeasureState(models.TextChoices):
    """How far a measure has come."""

    PLANNED = "planned", _("Planned")
    STARTED = "started", _("Under way")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class Measure(TenantModel):
    """Something a plan promises: what is done, how, when, by whom and with what."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="measures")
    what = models.CharField(max_length=200)
    how = models.TextField()
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField()
    responsible = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="measures")
    type = models.CharField(max_length=10, choices=MeasureType.choices)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="measures")
    state = models.CharField(max_length=10, choices=MeasureState.choices, default=MeasureState.PLANNED)
    done_on = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    risks = models.ManyToManyField(Risk, through="MeasureRisk", related_name="measures")
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("measure")
        ordering = ("plan", "position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(starts_on__lte=F("due_on")),
                name="actionplans_measure_starts_before_due",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False) | (~Q(state="done") & Q(done_on__isnull=True)),
                name="actionplans_done_has_a_day",
            ),
        )
        indexes = (models.Index(fields=("municipality", "due_on"), name="actionplans_measure_due"),)

    def __str__(self) -> str:
        return self.what

    @property
    def body_id(self) -> int:
        """The body whose plan promises the measure, for rights; the plan must be loaded."""
        return self.plan.body_id


class MeasureRisk(TenantModel):
    """A risk that a measure answers: plans stand on the analyses (R92)."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="risk_ties")
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="measure_ties")
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("risk answered by a measure")
        constraints = (models.UniqueConstraint(fields=("measure", "risk"), name="actionplans_answers_once"),)

    def __str__(self) -> str:
        return f"{self.measure_id} → {self.risk_id}"


class ResourceKind(models.TextChoices):
    """What a resource line counts."""

    MONEY = "money", _("money")
    HOURS = "hours", _("working hours")


class ResourceLine(TenantModel):
    """A resource that a measure needs in one budget year (R74, R93): money in öre, or hours."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="resources")
    budget_year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=ResourceKind.choices)
    amount_ore = models.BigIntegerField(null=True, blank=True)
    hours = models.PositiveIntegerField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("resource line")
        ordering = ("measure", "budget_year", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="money", amount_ore__gte=0, hours__isnull=True)
                | Q(kind="hours", hours__gte=0, amount_ore__isnull=True),
                name="actionplans_resource_counts_one_thing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure_id} {self.budget_year}"
