"""Measures: what, how, when, who and with which resources (R93), of one type (R86) in one area (R87)."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actionplans.models.plan import OPEN_STATES, Plan, PlanVersion, VersionState
from organisation.models import GroupAction, Seat, TenantModel
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


# A measure that somebody still has to finish.
UNFINISHED = (MeasureState.PLANNED, MeasureState.STARTED)


class MeasureQuerySet(models.QuerySet):
    """Questions about many measures."""

    def in_force(self, on: date) -> Self:
        """Measures that a plan in force on the day ``on`` promises."""
        ended = Q(version__in_force_to__isnull=True) | Q(version__in_force_to__gt=on)
        return self.filter(ended, version__in_force_from__lte=on)

    def current(self) -> Self:
        """Measures of versions that are in force or on their way there: what a risk has to hope for."""
        return self.filter(version__state__in=(*OPEN_STATES, VersionState.IN_FORCE))

    def overdue(self, on: date) -> Self:
        """Promised, due before the day ``on`` and not finished."""
        return self.in_force(on).filter(due_on__lt=on, state__in=UNFINISHED)


class Measure(TenantModel):
    """Something a plan promises: what is done, how, when, by whom and with what.

    Each version of a plan has its own rows, so that work on the next version never touches what is in
    force; ``key`` is the same for one measure in all versions.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="measures")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="measures")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
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
    # A form that opened an older count is refused, with the differences.
    edit_count = models.PositiveIntegerField(default=0)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # What a group agreed that someone does, and the committee has made its own (R209, R210).
    from_action = models.ForeignKey(
        GroupAction, null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    risks = models.ManyToManyField(Risk, through="MeasureRisk", related_name="measures")
    objects = MeasureQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ("plan", "position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("version", "key"), name="actionplans_measure_once"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(starts_on__lte=F("due_on")),
                name="actionplans_measure_starts_before_due",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False) | (~Q(state="done") & Q(done_on__isnull=True)),
                name="actionplans_done_has_a_day",
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "due_on"), name="actionplans_measure_due"),
            models.Index(fields=("version", "position"), name="actionplans_measure_order"),
        )

    def __str__(self) -> str:
        return self.what

    def is_late(self, on: date) -> bool:
        """Tell whether the day has passed and the measure is not finished."""
        return self.state in UNFINISHED and self.due_on < on

    @property
    def body_id(self) -> int:
        """The body whose plan promises the measure, for rights; the plan must be loaded."""
        return self.plan.body_id


class MeasureStatus(models.Model):
    """One note of how a measure goes: who, when, from, to and in which words. Never edited."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="statuses")
    from_state = models.CharField(max_length=10, choices=MeasureState.choices)
    to_state = models.CharField(max_length=10, choices=MeasureState.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = _("measure status")
        verbose_name_plural = _("measure statuses")
        ordering = ("measure", "at", "pk")

    def __str__(self) -> str:
        return f"{self.measure_id} {self.to_state}"


class MeasureRisk(TenantModel):
    """A risk that a measure answers: plans stand on the analyses (R92)."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="risk_ties")
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="measure_ties")
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("risk answered by a measure")
        verbose_name_plural = _("risks answered by measures")
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
        verbose_name_plural = _("resource lines")
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
