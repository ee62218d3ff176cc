"""What is kept apart from the case itself: the text, the people, who has read, and with whom it is shared.

None of these carries history: their changes are rows beside the case, disposed of with it.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.access import ObjectGrant


class Narrative(models.Model):
    """What the reporter told in own words; read only by those who handle the case. Carries no history."""

    incident = models.OneToOneField("incidents.Incident", on_delete=models.CASCADE, related_name="narrative")
    text = models.TextField()

    class Meta:
        verbose_name = _("narrative")
        verbose_name_plural = _("narratives")

    def __str__(self) -> str:
        return f"narrative of {self.incident_id}"


class Identity(models.Model):
    """A person concerned by a case, kept apart from it; read only by those who handle the case. No history."""

    class Role(models.TextChoices):
        """How the person is concerned."""

        REPORTER = "reporter", _("reporter")

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="identities")
    role = models.CharField(max_length=20, choices=Role.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = (models.UniqueConstraint(fields=("incident", "role", "person"), name="incidents_identity_once"),)

    def __str__(self) -> str:
        return f"{self.role} of {self.incident_id}"


class ReadLog(models.Model):
    """Someone opened what is kept apart in a case: who and when. Carries no history, is never edited."""

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="readings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("read log entry")
        verbose_name_plural = _("read log")
        ordering = ("incident", "at")

    def __str__(self) -> str:
        return f"{self.incident_id} read"


class IncidentGrant(ObjectGrant):
    """One case is shared with one person, with a reason and an end date."""

    content_object = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE)

    class Meta(ObjectGrant.Meta):
        verbose_name = _("incident grant")
        verbose_name_plural = _("incident grants")
