"""A run of importing bodies, people, seats or headcounts from CSV files: read, shown, then written or discarded."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.models.base import TenantModel


class ImportState(models.TextChoices):
    """Where a run stands."""

    READING = "reading", _("being read")
    WRONG = "wrong", _("can't be used as it is")
    READY = "ready", _("ready to be written")
    WRITING = "writing", _("being written")
    WRITTEN = "written", _("written")
    DISCARDED = "discarded", _("discarded")
    FAILED = "failed", _("stopped")


class ImportRun(TenantModel):
    """Files that an administrator has given: first compared with what stands (a dry run), then written all or not.

    The row is the record of who wrote what and when; the files are deleted when the run ends. No history.
    """

    state = models.CharField(max_length=20, choices=ImportState.choices, default=ImportState.READING)
    # A full list of people: whoever is missing from it has left.
    is_full = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    # Kind of file to its stored name.
    files = models.JSONField(default=dict)
    # Kind of file to counts of adds, changes, ends and the first of each, as the dry run found them.
    found = models.JSONField(default=dict, blank=True)
    # Row errors: file, line, column, what is wrong, what would be right; the first few hundred.
    errors = models.JSONField(default=list, blank=True)
    # Of everything the run would write: what is confirmed is what is written.
    digest = models.CharField(max_length=64, blank=True)
    # Public ids of those whom the run ended and who left something behind.
    handover = models.JSONField(default=list, blank=True)
    # The form's own key: the same files sent twice are one run.
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    job = models.OneToOneField(
        "notifications.Job", null=True, blank=True, on_delete=models.PROTECT, related_name="import_run"
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("municipality", "-at", "-pk")

    def __str__(self) -> str:
        return f"{self.at} {self.state}"
