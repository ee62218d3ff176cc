"""What every row of the domain carries, and the columns of rows that a municipality file may write."""

import uuid
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from uuid6 import uuid7

# The Swedish municipal reform: a row without a start date has been in force "always".
ALWAYS = date(1971, 1, 1)


def new_public_id() -> uuid.UUID:
    """Return a UUIDv7: unguessable in URLs, in order of time in indexes."""
    return uuid.UUID(int=uuid7().int)


class TenantModel(models.Model):
    """A row that belongs to one municipality and is named by a public id in URLs."""

    municipality = models.ForeignKey("organisation.Municipality", on_delete=models.PROTECT, related_name="+")
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)

    class Meta:
        abstract = True


class DatedQuerySet(models.QuerySet):
    """Rows in force during the half-open period [valid_from, valid_to)."""

    def in_force(self, on: date) -> Self:
        """Rows whose period holds the day ``on``."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)


class DatedModel(models.Model):
    """A row in force from ``valid_from`` up to, but not on, ``valid_to`` (none: until further notice).

    A row that ends on the day it began was taken back the same day, and was never in force on any day after.
    """

    valid_from = models.DateField(default=ALWAYS)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="%(app_label)s_%(class)s_ends_after_start",
            ),
        )

    def is_in_force(self, on: date) -> bool:
        """Tell whether the period holds the day ``on``."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


class SourcedModel(models.Model):
    """A row that a municipality file may write: its key there, and whether the municipality's document states it."""

    key = models.SlugField(max_length=100, allow_unicode=True)
    from_document = models.BooleanField(default=False)
    source = models.JSONField(default=list, blank=True)
    # What the file says beside the columns, kept so that nothing in it is dropped in silence.
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True
