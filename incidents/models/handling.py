"""How a case is handled: who has it, what is to be done, escalation, precautions, support."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident


class Assignment(models.Model):
    """One person has the case, from a moment until another gets it; one at a time. Never edited but to end it.

    No history: the rows are it.
    """

    class Reason(models.TextChoices):
        """Why the person got the case."""

        ANSWERS = "answers", _("Answers for the workplace")
        CHOSEN = "chosen", _("Chosen by a handler")
        IDLE = "idle", _("The one before did not answer in time")
        LEFT = "left", _("The one before has left the seat")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="assignments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    reason = models.CharField(max_length=20, choices=Reason.choices, default=Reason.ANSWERS)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    # The day by which the person must have taken the case on; a reminder comes first.
    acknowledge_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("assignment of a case")
        verbose_name_plural = _("assignments of cases")
        ordering = ("incident", "assigned_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("incident",), condition=Q(ended_at__isnull=True), name="incidents_one_handler"
            ),
        )
        indexes = (
            # Few wait: what the hourly look for idle handlers reads.
            models.Index(
                fields=("acknowledge_by",),
                condition=Q(ended_at__isnull=True, acknowledged_at__isnull=True),
                name="incidents_unacknowledged",
            ),
            models.Index(fields=("person",), condition=Q(ended_at__isnull=True), name="incidents_has_cases"),
        )

    def __str__(self) -> str:
        return f"{self.incident_id} given"


class CaseTask(models.Model):
    """Something to be done in a case, by whom and when. No history: it is done once, by a named person."""

    class Kind(models.TextChoices):
        """What is to be done."""

        FIRST_SUPPORT = "first_support", _("First support")
        POLICE = "police", _("Police report")
        SAFETY_REPRESENTATIVE = "safety_representative", _("Talk to the safety representative")
        AUTHORITY = "authority", _("Notify the authority")
        FEEDBACK = "feedback", _("Answer the reporter")
        OTHER = "other", _("Something else")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    # In own words; read only by those who may read the case's text.
    text = models.CharField(max_length=500, blank=True)
    due_on = models.DateField(null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # What was done, or why it is not needed.
    outcome = models.CharField(max_length=500, blank=True)
    not_needed = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("task in a case")
        verbose_name_plural = _("tasks in cases")
        ordering = ("incident", "created_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="incidents_task_done_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} in {self.incident_id}"


class Escalation(models.Model):
    """Somebody further up, or the duty officer, is asked to look at the case at once (R166). No history."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="escalations")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    # Everyone in the chain was asked and nobody answered; those who coordinate are told.
    exhausted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ("incident", "asked_at", "pk")
        indexes = (
            # Few wait: what the look of each minute reads.
            models.Index(
                fields=("asked_at",),
                condition=Q(acknowledged_at__isnull=True, exhausted_at__isnull=True),
                name="incidents_escalation_waits",
            ),
        )

    def __str__(self) -> str:
        return f"escalation of {self.incident_id}"


class EscalationCall(models.Model):
    """One person was asked by one channel, because of an escalation; the next is asked when nobody answers."""

    class By(models.TextChoices):
        """The channel by which the person is reached."""

        MAIL = "mail", _("e-mail")
        WEBHOOK = "webhook", _("the municipality's alarm service")

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="calls")
    step = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=20, choices=By.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(max_length=120, blank=True)
    called_at = models.DateTimeField()
    # Without an answer by then the next step is taken.
    answer_by = models.DateTimeField()

    class Meta:
        verbose_name = _("call of an escalation")
        verbose_name_plural = _("calls of escalations")
        ordering = ("escalation", "step", "pk")
        constraints = (models.UniqueConstraint(fields=("escalation", "step"), name="incidents_call_once"),)

    def __str__(self) -> str:
        return f"call {self.step} of {self.escalation_id}"


class Precaution(models.Model):
    """While the threat remains: who was warned before the next visit, and what changed. No history, never edited."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="precautions")
    # Whom, as a group or a function; the client's identity stays in the care system.
    warned = models.CharField(max_length=300)
    two_staff = models.BooleanField(default=False)
    alarm = models.BooleanField(default=False)
    changed = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("precaution")
        verbose_name_plural = _("precautions")
        ordering = ("incident", "at", "pk")

    def __str__(self) -> str:
        return f"precaution in {self.incident_id}"


class SupportOffer(models.Model):
    """Support is offered to the one affected, at once and again after 3 and 14 days (R99, R171). No history."""

    class Answer(models.TextChoices):
        """What the one affected said."""

        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="support_offers")
    # 0: at once; 3 and 14: offered again; none: by a handler, on a day of their own.
    day = models.PositiveSmallIntegerField(null=True, blank=True)
    offered_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=20, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("offer of support")
        verbose_name_plural = _("offers of support")
        ordering = ("incident", "offered_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("incident", "day"), condition=Q(day__isnull=False), name="incidents_offer_once_a_day"
            ),
        )
        indexes = (
            # Who wants support and has not had it: few, and read with everybody's work.
            models.Index(
                fields=("incident",),
                condition=Q(answer="accepted", given_at__isnull=True),
                name="incidents_support_waits",
            ),
        )

    def __str__(self) -> str:
        return f"support in {self.incident_id}"
