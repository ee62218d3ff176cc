"""Answers that could not be sent because the session had ended."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.models import Body, Municipality

# A draft that nobody comes back to is not kept.
KEPT_FOR = timedelta(hours=24)


class ReportDraftQuerySet(models.QuerySet):
    """Questions about many drafts."""

    def visible_to(self, person: Any) -> Self:
        """The person's own drafts, while they are kept; nobody sees another's."""
        return self.filter(person=person, written_at__gt=clock.now() - KEPT_FOR)

    def ended(self) -> Self:
        """Drafts that are no longer kept."""
        return self.filter(written_at__lte=clock.now() - KEPT_FOR)


class ReportDraft(models.Model):
    """What a person had typed in a workplace's report when the session ended. Seen by that person alone. No history."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict)
    written_at = models.DateTimeField()
    objects = ReportDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("unsent report")
        verbose_name_plural = _("unsent reports")
        constraints = (models.UniqueConstraint(fields=("person", "body"), name="incidents_draft_once"),)
        indexes = (models.Index(fields=("written_at",), name="incidents_draft_written"),)

    def __str__(self) -> str:
        return f"unsent report {self.pk}"
