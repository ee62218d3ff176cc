"""What must be notified to whom and by when, as dated rules, and what came of it in each case."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident
from organisation.models import DatedModel, DatedQuerySet, TenantModel


class ClockRule(TenantModel, DatedModel):
    """A duty to notify, computed from the answers and never from a heading, with its legal basis; dated data.

    ``condition`` is built of ``all``, ``any``, ``not``, ``eq``, ``in``, ``gte`` over keys of the catalogue; ``due`` is
    ``{"hours": n}`` or ``{"months": n, "after": key}``, with the law's own words as ``words``.
    """

    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    title = models.JSONField(default=dict, help_text=_("What is to be done, by language"))
    authority = models.CharField(max_length=120)
    basis = models.CharField(max_length=200)
    url = models.URLField(blank=True)
    condition = models.JSONField(default=dict)
    due = models.JSONField(default=dict)
    # Whether it applies must be decided, with a reason, before anything else.
    needs_decision = models.BooleanField(default=False)
    # The rule whose decision holds for this one too: one event, several steps.
    decided_with = models.SlugField(max_length=60, blank=True)
    # Rules of the same word are met by one report: one task, two duties.
    together = models.SlugField(max_length=60, blank=True)
    # The statement is not certain; somebody should check it before relying on it.
    unconfirmed = models.BooleanField(default=False)
    objects = DatedQuerySet.as_manager()

    class Meta(DatedModel.Meta):
        verbose_name = _("clock rule")
        verbose_name_plural = _("clock rules")
        ordering = ("municipality", "position", "key", "valid_from")
        constraints = (
            *DatedModel.Meta.constraints,
            models.UniqueConstraint(fields=("municipality", "key", "valid_from"), name="incidents_clockrule_once"),
        )

    def __str__(self) -> str:
        return self.key


class NoticeState(models.TextChoices):
    """Where a duty to notify stands."""

    TO_DECIDE = "to_decide", _("To be decided")
    DUE = "due", _("To be notified")
    DONE = "done", _("Notified")
    NOT_NEEDED = "not_needed", _("Not notifiable")
    WITHDRAWN = "withdrawn", _("No longer called for")


class StatutoryNotice(TenantModel):
    """One duty to notify in one case: why, by when, what was decided, done and received.

    No history: its changes are rows.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="notices")
    rule = models.ForeignKey(ClockRule, on_delete=models.PROTECT, related_name="notices")
    state = models.CharField(max_length=20, choices=NoticeState.choices)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The receipt number that the authority gave.
    receipt = models.CharField(max_length=120, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    overdue_told_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("statutory notice")
        verbose_name_plural = _("statutory notices")
        ordering = ("incident", "due_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("incident", "rule"), name="incidents_notice_once"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False, done_by__isnull=False),
                name="incidents_notice_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_needed") | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="incidents_notice_refused_by_somebody",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state__in=("to_decide", "due")), name="incidents_notice_running"
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule_id} in {self.incident_id}"


class NoticeChange(models.Model):
    """One change of a duty to notify: decided, done, called for anew by changed answers. Never edited, no history."""

    notice = models.ForeignKey(StatutoryNotice, on_delete=models.CASCADE, related_name="changes")
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, choices=NoticeState.choices)
    due_at = models.DateTimeField(null=True, blank=True)
    # In own words; read only by those who may read the case's text.
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("change of a statutory notice")
        verbose_name_plural = _("changes of statutory notices")
        ordering = ("notice", "at", "pk")

    def __str__(self) -> str:
        return f"{self.notice_id} {self.to_state}"
