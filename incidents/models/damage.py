"""What an event cost and led to, who paid, and the municipality's fund for deductibles."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from incidents.models.incident import Incident
from organisation.models import TenantModel


class Consequence(TenantModel):
    """How grave an event was in one of the municipality's dimensions, and what it cost there (R24, R84, R112)."""

    class Level(models.IntegerChoices):
        """How grave, in five steps as the workplace scale has them."""

        NEGLIGIBLE = 1, _("Negligible")
        MILD = 2, _("Mild")
        NOTICEABLE = 3, _("Noticeable")
        SERIOUS = 4, pgettext_lazy("consequence", "Serious")
        VERY_SERIOUS = 5, _("Very serious")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="consequences")
    dimension = models.ForeignKey("policies.Dimension", on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    cost_ore = models.BigIntegerField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("consequence")
        verbose_name_plural = _("consequences")
        ordering = ("incident", "dimension")
        constraints = (
            models.UniqueConstraint(fields=("incident", "dimension"), name="incidents_consequence_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="incidents_consequence_level"),
        )

    def __str__(self) -> str:
        return f"consequence of {self.incident_id}"


class ClaimState(models.TextChoices):
    """Where an insurance claim stands."""

    TO_SEND = "to_send", _("To be sent")
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted by the insurer")
    REJECTED = "rejected", _("Rejected by the insurer")


class Claim(TenantModel):
    """A claim on the insurer because of an event (R38, R108)."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="claims")
    insurer = models.CharField(max_length=120)
    number = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20, choices=ClaimState.choices, default=ClaimState.TO_SEND)
    sent_on = models.DateField(null=True, blank=True)
    claimed_ore = models.BigIntegerField(null=True, blank=True)
    paid_ore = models.BigIntegerField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    deductible_ore = models.BigIntegerField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("insurance claim")
        verbose_name_plural = _("insurance claims")
        ordering = ("incident", "pk")

    def __str__(self) -> str:
        return f"claim of {self.incident_id}"


class FundEntry(TenantModel):
    """An amount into or out of the municipality's fund for deductibles (R108, R124).

    Never edited: corrected by another.
    """

    class Kind(models.TextChoices):
        """Why the balance changed."""

        CONTRIBUTION = "contribution", _("Paid in")
        DEDUCTIBLE = "deductible", _("Deductible paid")
        PREVENTION = "prevention", _("Contribution to prevention")
        CORRECTION = "correction", _("Correction")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    on = models.DateField()
    # Öre; what leaves the fund is negative.
    amount_ore = models.BigIntegerField()
    claim = models.ForeignKey(Claim, null=True, blank=True, on_delete=models.SET_NULL, related_name="fund_entries")
    # Kept when the case is disposed of: its number, never what it is about.
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # The form's own key: the same form sent twice is one entry.
    submission_key = models.UUIDField(unique=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("entry of the deductible fund")
        verbose_name_plural = _("entries of the deductible fund")
        ordering = ("municipality", "-on", "-pk")
        constraints = (models.CheckConstraint(condition=~Q(amount_ore=0), name="incidents_fundentry_is_something"),)
        indexes = (models.Index(fields=("municipality", "on"), name="incidents_fund"),)

    def __str__(self) -> str:
        return f"{self.on} {self.amount_ore}"
