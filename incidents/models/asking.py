"""The questions of a report as versioned data, the answers that are not counted, and the reporter's code."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident
from organisation.models import Municipality, TenantModel


class QuestionSet(TenantModel):
    """One version of the questions asked about one kind of event: chosen, ordered and worded from the catalogue.

    Loaded from a file and never edited: a changed file is a new version, and old reports keep theirs.
    ``questions`` is a list of ``{"key", "words": {"sv", "en"}, …}``; see ``incidents/catalogue``.
    """

    kind = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    questions = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("question set")
        verbose_name_plural = _("question sets")
        ordering = ("municipality", "kind", "-version")
        constraints = (
            models.UniqueConstraint(fields=("municipality", "kind", "version"), name="incidents_questionset_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class OpenAnswer(models.Model):
    """An answer that anyone who sees the case may read and that has no column of its own. No history.

    Answers in own words are ``Narrative``; who is concerned is ``Identity``.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="open_answers")
    key = models.CharField(max_length=60)
    value = models.JSONField()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = (models.UniqueConstraint(fields=("incident", "key"), name="incidents_answer_once"),)

    def __str__(self) -> str:
        return f"{self.key} of {self.incident_id}"


class ReportCode(models.Model):
    """The hash of the code by which a reporter returns without log-in; the code itself is stored nowhere."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="report_code")
    code_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("report code")
        verbose_name_plural = _("report codes")

    def __str__(self) -> str:
        return f"code of {self.incident_id}"


class CodeLookups(models.Model):
    """How often codes were tried from one address, told by its keyed hash alone, during one hour."""

    municipality = models.ForeignKey(Municipality, null=True, on_delete=models.CASCADE, related_name="+")
    address_hash = models.CharField(max_length=64)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("tried codes")
        verbose_name_plural = _("tried codes")
        constraints = (models.UniqueConstraint(fields=("address_hash", "hour"), name="incidents_lookups_once"),)

    def __str__(self) -> str:
        return f"{self.hour}: {self.count}"
