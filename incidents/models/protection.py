"""What the portal holds about one person, collected when that person asks for it (GDPR article 15)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.models import TenantModel


class PersonExport(TenantModel):
    """Somebody asked what is held about them: who collected it and when; the files are deleted after seven days.

    The row stays as a trace, without content. No history: it is never edited.
    """

    about = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    job = models.OneToOneField(
        "notifications.Job", null=True, blank=True, on_delete=models.PROTECT, related_name="person_export"
    )
    # The same as JSON for machines and as a paper to read; empty before the job is done, and after the sweep.
    file = models.CharField(max_length=200, blank=True)
    paper = models.CharField(max_length=200, blank=True)
    swept_at = models.DateTimeField(null=True, blank=True)
    # The form's own key: the same form sent twice is one export.
    submission_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("export about a person")
        verbose_name_plural = _("exports about persons")
        ordering = ("municipality", "-asked_at", "-pk")

    def __str__(self) -> str:
        return f"export {self.public_id}"
