"""What is kept apart from the case itself: the text, the people, who has read, and with whom it is shared.

None of these carries history: their changes are rows beside the case, disposed of with it.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.access import ObjectGrant

# The key of what the reporter told first, in own words.
TOLD = "told"


class Narrative(models.Model):
    """An answer or a note in own words; read only by those who handle the case. Carries no history.

    ``key`` is the question's in the catalogue (``told``: what happened), or of a part of the investigation.
    """

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="narratives")
    key = models.CharField(max_length=60, default=TOLD)
    text = models.TextField()

    class Meta:
        verbose_name = _("narrative")
        verbose_name_plural = _("narratives")
        constraints = (models.UniqueConstraint(fields=("incident", "key"), name="incidents_narrative_once"),)

    def __str__(self) -> str:
        return f"narrative {self.key} of {self.incident_id}"


class NarrativeChange(models.Model):
    """A part of the investigation was written, changed or removed: who, when, and what it said before.

    Never edited, no history.
    """

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="narrative_changes")
    # Of the narrative.
    key = models.CharField(max_length=60)
    # The earlier wording; empty where nothing was written before. What it says now stands in the narrative alone.
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("change of a narrative")
        verbose_name_plural = _("changes of narratives")
        ordering = ("incident", "at", "pk")

    def __str__(self) -> str:
        return f"change of {self.key} of {self.incident_id}"


class Identity(models.Model):
    """A person concerned by a case, kept apart from it; read only by those who handle the case. No history."""

    class Role(models.TextChoices):
        """How the person is concerned."""

        REPORTER = "reporter", _("reporter")
        AFFECTED = "affected", _("affected person")
        WITNESS = "witness", _("witness")
        OTHER = "other", _("other person")

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="identities")
    role = models.CharField(max_length=20, choices=Role.choices)
    # Somebody with an account, or as the reporter wrote it. No index: nobody is searched for here.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = (
            models.UniqueConstraint(fields=("incident", "role", "person"), name="incidents_identity_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(name="") | ~Q(contact=""), name="incidents_identity_says_who"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} of {self.incident_id}"


class Withheld(models.Model):
    """The case is kept from this person, whatever their seats give: the reporter asked, or they are the other party.

    Seen by nobody on a page; carries no history, which would tell.
    """

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="withheld")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("person a case is kept from")
        verbose_name_plural = _("persons cases are kept from")
        constraints = (models.UniqueConstraint(fields=("incident", "person"), name="incidents_withheld_once"),)

    def __str__(self) -> str:
        return f"{self.incident_id} kept from one person"


class ReadLog(models.Model):
    """Someone opened what is kept apart in a case: what, who and when. Carries no history, is never edited."""

    class What(models.TextChoices):
        """What was opened."""

        CASE = "case", _("the case")
        ATTACHMENT = "attachment", _("a file")
        EXPORT = "export", _("an export")
        PAPER = "paper", _("a paper")

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="readings")
    what = models.CharField(max_length=20, choices=What.choices, default=What.CASE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("read log entry")
        verbose_name_plural = _("read log")
        ordering = ("incident", "at")
        # The officer's page: all readings, newest first.
        indexes = (models.Index(fields=("at", "id"), name="incidents_read_when"),)

    def __str__(self) -> str:
        return f"{self.incident_id} read"


class IncidentGrant(ObjectGrant):
    """One case is shared with one person, with a reason and an end date."""

    content_object = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE)

    class Meta(ObjectGrant.Meta):
        verbose_name = _("incident grant")
        verbose_name_plural = _("incident grants")
