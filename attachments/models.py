"""A private file: what it is, whether it has been scanned, and where it is stored."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7


def new_public_id() -> uuid.UUID:
    """Return a UUIDv7: unguessable in URLs, in order of time in indexes."""
    return uuid.UUID(int=uuid7().int)


class ScanState(models.TextChoices):
    """What the virus scanner has said."""

    WAITING = "waiting", _("Waits to be scanned")
    CLEAN = "clean", _("Scanned, nothing found")
    INFECTED = "infected", _("Removed: a virus was found")
    REMOVED = "removed", _("Removed")


class Attachment(models.Model):
    """A private file, served only by the app that owns it, after its own rights check. Carries no history.

    Nothing is served before it is ``CLEAN``: while the scanner is down a file waits, and the page says so.
    """

    municipality = models.ForeignKey("organisation.Municipality", on_delete=models.PROTECT, related_name="+")
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    # As the sender called it, without path and control characters; never part of a stored path.
    name = models.CharField(max_length=120)
    # Detected from the content, never as the sender declared it.
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    file = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, choices=ScanState.choices, default=ScanState.WAITING)
    scanned_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ("pk",)
        indexes = (models.Index(fields=("id",), condition=Q(state="waiting"), name="attachments_waiting"),)

    def __str__(self) -> str:
        return f"file {self.pk}"
