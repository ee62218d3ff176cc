"""What is said between the reporter and those who handle the case, and the files that belong to it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident


class Message(models.Model):
    """One message between the reporter and those who handle the case, read on both sides. No history.

    A message from the reporter names nobody: who reported stands in ``Identity`` alone.
    """

    class Kind(models.TextChoices):
        """What kind of message it is."""

        ADDITION = "addition", _("Addition to the report")
        QUESTION = "question", _("Question")
        ANSWER = "answer", _("Answer")
        WITHDRAWAL = "withdrawal", _("Withdrawal")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    from_reporter = models.BooleanField()
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # When the other side read it first.
    read_at = models.DateTimeField(null=True, blank=True)
    # The form's own key: the same form sent twice is one message.
    submission_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("incident", "at", "pk")

    def __str__(self) -> str:
        return f"{self.kind} of {self.incident_id}"


class CaseAttachment(models.Model):
    """A file belongs to a case; read by those who may read the case's text. No history."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="attachments")
    attachment = models.OneToOneField("attachments.Attachment", on_delete=models.PROTECT, related_name="+")
    from_reporter = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("file of a case")
        verbose_name_plural = _("files of cases")
        ordering = ("incident", "at", "pk")

    def __str__(self) -> str:
        return f"file of {self.incident_id}"
