"""A committee's action plan and its versions: what was decided is frozen, with a hash (R82, R93)."""

import hashlib
import json
import uuid
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actionplans.permissions import VIEW_PLAN
from organisation import clock
from organisation.access import GroupShare, ObjectGrant, Scope, ScopedQuerySet
from organisation.models import Appointment, Body, Decision, TenantModel


class PlanQuerySet(ScopedQuerySet):
    """Questions about many plans."""

    view_permission = VIEW_PLAN

    def _exceptions(self, scope: Scope) -> Q:
        """Plans shared with the person, and plans that promise a measure of a seat the person holds."""
        if scope.user_id is None or scope.municipality_id is None:
            return Q(pk__in=())
        shared = PlanGrant.objects.held_by(scope.user_id, VIEW_PLAN).values("content_object_id")
        with_groups = PlanShare.objects.with_member(scope.user_id).values("content_object_id")
        held = Appointment.objects.in_force(clock.today()).filter(person_id=scope.user_id).values("seat_id")
        answers_for = PlanVersion.objects.filter(
            municipality_id=scope.municipality_id,
            state=VersionState.IN_FORCE,
            measures__responsible_id__in=held,
        ).values("plan_id")
        return Q(municipality_id=scope.municipality_id) & (
            Q(pk__in=shared) | Q(pk__in=with_groups) | Q(pk__in=answers_for)
        )

    def of_year(self, year: int) -> Self:
        """Plans for one budget year."""
        return self.filter(year=year)


class Plan(TenantModel):
    """The action plan of one committee (or board, or company) for one budget year."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    # Points of the proposed decision beside adoption and money, one a line.
    further_points = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # People edit a plan together: a form of its own text that opened an older count is refused, with the
    # differences. Each measure has a count of its own.
    edit_count = models.PositiveIntegerField(default=0)
    objects = PlanQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("action plan")
        verbose_name_plural = _("action plans")
        ordering = ("-year", "body__name", "pk")
        constraints = (models.UniqueConstraint(fields=("body", "year"), name="actionplans_one_per_year"),)
        indexes = (models.Index(fields=("municipality", "-year", "id"), name="actionplans_list"),)

    def __str__(self) -> str:
        return self.title

    @property
    def grant_model(self) -> type["PlanGrant"]:
        return PlanGrant

    @property
    def share_model(self) -> type["PlanShare"]:
        return PlanShare


class VersionState(models.TextChoices):
    """Where a version of a plan stands; the table of allowed steps is in ``actionplans.transitions``."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    PRELIMINARY = "preliminary", _("Decided, minutes not approved")
    IN_FORCE = "in_force", _("In force")
    REFERRED_BACK = "referred_back", _("Referred back")
    REJECTED = "rejected", _("Rejected")
    REPLACED = "replaced", _("Replaced")


# Versions that work is going on with; a plan has at most one.
OPEN_STATES = (VersionState.DRAFT, VersionState.SUBMITTED, VersionState.PRELIMINARY)


class PlanVersionQuerySet(models.QuerySet):
    """Questions about many versions."""

    def in_force(self, on: date) -> Self:
        """Versions in force on the day ``on``."""
        ended = Q(in_force_to__isnull=True) | Q(in_force_to__gt=on)
        return self.filter(ended, in_force_from__lte=on)


class PlanVersion(TenantModel):
    """The plan as one meeting meets it: its content, frozen from the day it is submitted, and its hash."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20, choices=VersionState.choices, default=VersionState.DRAFT)
    # Set when submitted; a draft's content is the plan's measures as they stand.
    content = models.JSONField(null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    based_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    in_force_from = models.DateField(null=True, blank=True)
    in_force_to = models.DateField(null=True, blank=True)
    objects = PlanVersionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("plan version")
        verbose_name_plural = _("plan versions")
        ordering = ("plan", "-number")
        constraints = (
            models.UniqueConstraint(fields=("plan", "number"), name="actionplans_version_once"),
            models.UniqueConstraint(
                fields=("plan",),
                condition=Q(state__in=("draft", "submitted", "preliminary")),
                name="actionplans_one_open_version",
            ),
            models.UniqueConstraint(
                fields=("plan",), condition=Q(state="in_force"), name="actionplans_one_version_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | (Q(content__isnull=False) & ~Q(content_hash="")),
                name="actionplans_frozen_once_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(in_force_from__isnull=False),
                name="actionplans_in_force_has_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan} ({self.number})"

    @property
    def body_id(self) -> int:
        """The body whose plan this is, for rights; the plan must be loaded."""
        return self.plan.body_id

    def hash_matches(self) -> bool:
        """Tell whether the content is still what it was when it was frozen."""
        return self.content_hash == content_hash(self.content)


def content_hash(content: Any) -> str:
    """Return the SHA-256 of ``content`` in one canonical JSON form."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class PlanStatus(models.Model):
    """One change of a version's state: who, when, from, to and why. Never edited."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="statuses")
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, choices=VersionState.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("plan status")
        verbose_name_plural = _("plan statuses")
        ordering = ("version", "at", "pk")

    def __str__(self) -> str:
        return f"{self.version_id} {self.to_state}"


class PlanDecision(TenantModel):
    """Ties a meeting's decision to the version it is about; a version has at most one final decision.

    ``decided_hash`` is the hash of the content that the meeting decided.
    """

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="decisions")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="plan_decisions")
    is_final = models.BooleanField(default=False)
    decided_hash = models.CharField(max_length=64)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("decision on a plan")
        verbose_name_plural = _("decisions on plans")
        ordering = ("version", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("version",), condition=Q(is_final=True), name="actionplans_one_final_decision"
            ),
        )

    def __str__(self) -> str:
        return f"{self.version_id} {self.decision_id}"


class PlanGrant(ObjectGrant):
    """One plan is shared with one person, with a reason and an end date."""

    content_object = models.ForeignKey(Plan, on_delete=models.CASCADE)

    class Meta(ObjectGrant.Meta):
        verbose_name = _("plan grant")
        verbose_name_plural = _("plan grants")


class PlanShare(GroupShare):
    """One plan is shown to the members of a group, also those from outside, until an end date."""

    content_object = models.ForeignKey(Plan, on_delete=models.CASCADE)

    class Meta(GroupShare.Meta):
        verbose_name = _("plan shared with a group")
        verbose_name_plural = _("plans shared with groups")
