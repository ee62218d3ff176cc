"""Cases that come from another system: how its columns are read, and each run of an import."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisation.models import ImportState, TenantModel


class ColumnMapping(TenantModel):
    """How the columns and words of another system's file are read, saved under a name."""

    name = models.CharField(max_length=80)
    # Whose numbers the cases carry: the same number of the same system is the same case.
    system = models.CharField(max_length=60)
    # Field of a case to column of the file.
    columns = models.JSONField(default=dict)
    # Field to {word of the file: our choice}.
    words = models.JSONField(default=dict)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")
        ordering = ("municipality", "name")
        constraints = (models.UniqueConstraint(fields=("municipality", "name"), name="incidents_mapping_once"),)

    def __str__(self) -> str:
        return self.name


class CaseImport(TenantModel):
    """A file of cases: read and shown first (a dry run), then written all or not.

    The file is deleted at the end. No history.
    """

    state = models.CharField(max_length=20, choices=ImportState.choices, default=ImportState.READING)
    mapping = models.ForeignKey(ColumnMapping, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=200, blank=True)
    # Counts: new, known already, and the first of each.
    found = models.JSONField(default=dict, blank=True)
    # Row errors: line, column, what is wrong, what would be right; the first few hundred.
    errors = models.JSONField(default=list, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    job = models.OneToOneField(
        "notifications.Job", null=True, blank=True, on_delete=models.PROTECT, related_name="case_import"
    )

    class Meta:
        verbose_name = _("import of cases")
        verbose_name_plural = _("imports of cases")
        ordering = ("municipality", "-at", "-pk")

    def __str__(self) -> str:
        return f"{self.at} {self.state}"
