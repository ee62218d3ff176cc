"""What the municipality has decided: its words (areas, values, dimensions, goals), laws and documents."""

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisation.access import ScopedQuerySet
from organisation.models import Body, DatedModel, DatedQuerySet, SourcedModel, TenantModel
from policies.permissions import VIEW_DOCUMENT


class Vocabulary(TenantModel, SourcedModel, DatedModel):
    """A word that the municipality's documents define, in their order, during a period."""

    name = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    objects = DatedQuerySet.as_manager()

    class Meta(DatedModel.Meta):
        abstract = True
        ordering = ("municipality", "position", "pk")
        constraints = (
            *DatedModel.Meta.constraints,
            models.UniqueConstraint(fields=("municipality", "key"), name="%(app_label)s_%(class)s_key_once"),
        )

    def __str__(self) -> str:
        return self.name


class Area(Vocabulary):
    """An area, or focus area, that measures and follow-up are sorted by (R87, R159–R172)."""

    history = HistoricalRecords()

    class Meta(Vocabulary.Meta):
        verbose_name = _("area")


class ProtectedValue(Vocabulary):
    """Something worth protecting (skyddsvärde, R148)."""

    history = HistoricalRecords()

    class Meta(Vocabulary.Meta):
        verbose_name = _("protected value")


class Dimension(Vocabulary):
    """One of the municipality's own dimensions of consequence (R24, R35, R84, R144)."""

    about_persons = models.BooleanField(default=False)
    history = HistoricalRecords()

    class Meta(Vocabulary.Meta):
        verbose_name = _("dimension")


class Goal(Vocabulary):
    """A goal of the safety work, with the indicator that tells whether it is met."""

    indicator = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta(Vocabulary.Meta):
        verbose_name = _("goal")


class Law(TenantModel, SourcedModel, DatedModel):
    """A law that the work rests on, as dated data: laws are replaced, documents still cite the old one (R8)."""

    number = models.CharField(_("SFS number"), max_length=20)
    title = models.CharField(max_length=300)
    replaced_by = models.CharField(max_length=20, blank=True)
    objects = DatedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("law")
        ordering = ("municipality", "number")
        constraints = (
            *DatedModel.Meta.constraints,
            models.UniqueConstraint(fields=("municipality", "key"), name="policies_law_key_once"),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class DocumentQuerySet(ScopedQuerySet):
    """Questions about many governing documents."""

    view_permission = VIEW_DOCUMENT
    body_path = "owner"

    def with_versions(self) -> Self:
        """Together with their versions, newest first, and their parent."""
        return self.select_related("parent", "owner").prefetch_related("versions")


class GoverningDocument(TenantModel, SourcedModel):
    """A governing document (styrdokument): policy, guideline, plan, instruction; they form a hierarchy (R28, R146)."""

    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=300)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    owner = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner_title = models.CharField(max_length=200, blank=True)
    applies_to = models.JSONField(default=list, blank=True)
    review = models.JSONField(default=dict, blank=True)
    objects = DocumentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("governing document")
        ordering = ("municipality", "title")
        constraints = (models.UniqueConstraint(fields=("municipality", "key"), name="policies_document_key_once"),)

    def __str__(self) -> str:
        return self.title

    def version_in_force(self, on: date) -> "DocumentVersion | None":
        """Return the version in force on the day ``on``; uses prefetched versions."""
        return next((version for version in self.versions.all() if version.is_in_force(on)), None)


class DocumentVersion(TenantModel, DatedModel):
    """A document as one body decided it, in force during a period; § and dnr are text as typed."""

    document = models.ForeignKey(GoverningDocument, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    section = models.CharField(max_length=40, blank=True)
    registry_number = models.CharField(max_length=60, blank=True)
    replaces = models.CharField(max_length=300, blank=True)
    reviews = models.JSONField(default=list, blank=True)
    objects = DatedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("document version")
        ordering = ("document", "-number")
        constraints = (
            *DatedModel.Meta.constraints,
            models.UniqueConstraint(fields=("document", "number"), name="policies_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.document} ({self.number})"


class Clause(TenantModel, SourcedModel):
    """One numbered statement of a document, in the portal's own words: a goal, a duty, a responsibility."""

    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="clauses")
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    strength = models.CharField(max_length=10, blank=True)
    applies_to = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("clause")
        ordering = ("version", "position")
        constraints = (models.UniqueConstraint(fields=("version", "key"), name="policies_clause_key_once"),)

    def __str__(self) -> str:
        return f"{self.number} {self.text[:60]}"
