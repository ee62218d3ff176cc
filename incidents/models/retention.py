"""How long cases are kept, by whose decision, and what has been disposed of."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from incidents.models.incident import Incident
from organisation.models import Body, DatedModel, DatedQuerySet, TenantModel


class RetentionRule(TenantModel, DatedModel):
    """Cases of a kind are kept for a number of years after they were closed, by a disposal decision that is cited."""

    # Empty: every kind that has no rule of its own.
    kind = models.CharField(max_length=30, blank=True)
    # None: kept for ever.
    keep_years = models.PositiveSmallIntegerField(null=True, blank=True)
    decided_by = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()
    paragraph = models.CharField(max_length=40)
    registry_number = models.CharField(max_length=60, blank=True)
    objects = DatedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ("municipality", "kind", "valid_from")
        constraints = (
            *DatedModel.Meta.constraints,
            models.UniqueConstraint(fields=("municipality", "kind", "valid_from"), name="incidents_retention_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind or '*'} {self.keep_years}"


class ProposalState(models.TextChoices):
    """Where a proposal to dispose of cases stands."""

    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", pgettext_lazy("proposal", "Rejected")
    DONE = "done", _("Carried out")


class DisposalProposal(TenantModel):
    """Which cases have been kept as long as they must, put to whom the archive by-law names.

    Never edited once decided.
    """

    class Approver(models.TextChoices):
        """Whom the municipality's archive by-law names."""

        COMMITTEE = "committee", _("the committee")
        ARCHIVE_AUTHORITY = "archive_authority", _("the archive authority")

    year = models.PositiveSmallIntegerField()
    # The authority whose cases they are.
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    approver = models.CharField(max_length=20, choices=Approver.choices)
    # None: the portal itself, by the calendar.
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    paragraph = models.CharField(max_length=40, blank=True)
    registry_number = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    # The archive package that left before the disposal, where there is one.
    package = models.CharField(max_length=200, blank=True)
    package_digest = models.CharField(max_length=64, blank=True)
    job = models.OneToOneField(
        "notifications.Job", null=True, blank=True, on_delete=models.PROTECT, related_name="disposal"
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("disposal proposal")
        verbose_name_plural = _("disposal proposals")
        ordering = ("municipality", "-year", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(decided_by__isnull=False, decided_on__isnull=False),
                name="incidents_disposal_decided_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"disposal {self.year}"


class DisposalItem(models.Model):
    """One case of a proposal; when it is carried out, the row is the disposal log. Carries no text, no history."""

    proposal = models.ForeignKey(DisposalProposal, on_delete=models.CASCADE, related_name="items")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(RetentionRule, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=40)
    closed_on = models.DateField()
    # Taken out of the proposal, with a reason: an appeal or a claim still runs.
    kept_reason = models.CharField(max_length=300, blank=True)
    disposed_at = models.DateTimeField(null=True, blank=True)
    # Table to number of rows that were removed.
    removed = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("case of a disposal")
        verbose_name_plural = _("cases of a disposal")
        ordering = ("proposal", "closed_on", "pk")
        constraints = (models.UniqueConstraint(fields=("proposal", "incident"), name="incidents_disposal_once"),)

    def __str__(self) -> str:
        return self.label
