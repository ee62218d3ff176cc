"""A list's filter that a person has given a name."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.models.base import TenantModel


class SavedFilter(TenantModel):
    """One person's own name for a list as it was filtered; the address can be shared with anyone. No history."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # The name of the list's URL, and its query string.
    page = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ("person", "page", "name")
        constraints = (
            models.UniqueConstraint(fields=("person", "page", "name"), name="organisation_savedfilter_once"),
        )

    def __str__(self) -> str:
        return self.name
