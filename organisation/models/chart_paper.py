"""The organisation chart and the list of who answers, as a paper of one day."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.models.base import TenantModel


class ChartPaper(TenantModel):
    """What was asked to be on paper: its content as it stood then, and the PDF that a job makes of it.

    The same content asked for again is the same paper. It is deleted after a while; no history, it can be made anew.
    """

    on = models.DateField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    job = models.OneToOneField("notifications.Job", on_delete=models.PROTECT, related_name="chart_paper")
    file = models.FileField(upload_to="papers/", blank=True, max_length=255)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("paper of the organisation chart")
        verbose_name_plural = _("papers of the organisation chart")
        ordering = ("municipality", "-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("municipality", "digest"), name="organisation_chart_paper_once"),
        )

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.on}"
