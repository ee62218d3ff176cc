"""What the municipality has decided: its words (areas, values, dimensions, goals), laws and documents."""

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisation.access import ScopedQuerySet
from organisation.models import ALWAYS, Body, DatedModel, DatedQuerySet, SourcedModel, TenantModel
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
        verbose_name_plural = _("areas")


class ProtectedValue(Vocabulary):
    """Something worth protecting (skyddsvärde, R148)."""

    history = HistoricalRecords()

    class Meta(Vocabulary.Meta):
        verbose_name = _("protected value")
        verbose_name_plural = _("protected values")


class Dimension(Vocabulary):
    """One of the municipality's own dimensions of consequence (R24, R35, R84, R144)."""

    about_persons = models.BooleanField(default=False)
    history = HistoricalRecords()

    class Meta(Vocabulary.Meta):
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")


class Trend(models.TextChoices):
    """Where an indicator is meant to go."""

    UP = "up", _("up")
    DOWN = "down", _("down")
    STEADY = "steady", _("steady")


class Goal(Vocabulary):
    """A goal of the safety work, with the indicator that tells whether it is met."""

    name = models.TextField()
    document = models.ForeignKey(
        "policies.GoverningDocument", null=True, blank=True, on_delete=models.PROTECT, related_name="goals"
    )
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="goals")
    # Whom the goal was taken over from, such as a county programme; as typed.
    taken_from = models.CharField(max_length=200, blank=True)
    indicator = models.TextField(blank=True)
    indicator_unit = models.CharField(max_length=200, blank=True)
    indicator_trend = models.CharField(max_length=10, choices=Trend.choices, blank=True)
    history = HistoricalRecords()

    class Meta(Vocabulary.Meta):
        verbose_name = _("goal")
        verbose_name_plural = _("goals")


class Law(TenantModel, SourcedModel, DatedModel):
    """A law that the work rests on, as dated data: laws are replaced, documents still cite the old one (R8).

    ``obligations`` is a list of ``{"key", "text", "of", "document_kind", "every": {"rule", …}, …}``:
    what the law demands, of whom and how often.
    """

    number = models.CharField(_("SFS number"), max_length=20)
    title = models.CharField(max_length=300)
    short = models.CharField(max_length=200, blank=True)
    replaced_by = models.CharField(max_length=20, blank=True)
    obligations = models.JSONField(default=list, blank=True)
    objects = DatedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("law")
        verbose_name_plural = _("laws")
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
    """A governing document (styrdokument): policy, guideline, plan, instruction; they form a hierarchy (R28, R146).

    ``applies_to`` holds words: a kind of body, or the key of a body or of a seat type.
    """

    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=300)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    owner = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner_title = models.CharField(max_length=200, blank=True)
    applies_to = models.JSONField(default=list, blank=True)
    applies_to_text = models.TextField(blank=True)
    review = models.JSONField(default=dict, blank=True)
    objects = DocumentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("governing document")
        verbose_name_plural = _("governing documents")
        ordering = ("municipality", "title")
        constraints = (models.UniqueConstraint(fields=("municipality", "key"), name="policies_document_key_once"),)

    def __str__(self) -> str:
        return self.title

    def version_in_force(self, on: date) -> "DocumentVersion | None":
        """Return the version in force on the day ``on``; uses prefetched versions."""
        return next((version for version in self.versions.all() if version.is_in_force(on)), None)


class DocumentVersion(TenantModel, DatedModel):
    """A document as one body decided it, in force during a period; § and dnr are text as typed.

    ``reviews`` is a list of ``{"body", "date", "section", "dnr"}``, ``replaces`` of ``{"text", "document", …}``.
    """

    document = models.ForeignKey(GoverningDocument, on_delete=models.PROTECT, related_name="versions")
    label = models.CharField(max_length=200, default="1", help_text=_("As the document names its versions"))
    decided_by = models.CharField(max_length=200, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    section = models.CharField(max_length=200, blank=True)
    registry_number = models.CharField(max_length=200, blank=True)
    replaces = models.JSONField(default=list, blank=True)
    reviews = models.JSONField(default=list, blank=True)
    updated_on = models.DateField(null=True, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    details = models.JSONField(default=dict, blank=True)
    objects = DatedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("document version")
        verbose_name_plural = _("document versions")
        ordering = ("document", "-valid_from", "-pk")
        constraints = (
            *DatedModel.Meta.constraints,
            models.UniqueConstraint(fields=("document", "label"), name="policies_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.document} ({self.label})"

    @property
    def stated_from(self) -> date | None:
        """First day in force, or none where the document doesn't say."""
        return None if self.valid_from == ALWAYS else self.valid_from


class Clause(TenantModel, SourcedModel):
    """One statement of a document, in the portal's own words: a goal, a duty, a responsibility.

    ``applies_to`` holds words as in ``GoverningDocument``; ``areas`` the keys of areas it is about.
    """

    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="clauses")
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    strength = models.CharField(max_length=10, blank=True)
    applies_to = models.JSONField(default=list, blank=True)
    areas = models.JSONField(default=list, blank=True)
    every_months = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ("version", "position")
        constraints = (models.UniqueConstraint(fields=("version", "key"), name="policies_clause_key_once"),)

    def __str__(self) -> str:
        return f"{self.number} {self.text[:60]}".strip()


class ReadingOccasion(models.TextChoices):
    """When a governing document is to be read and acknowledged."""

    AT_HIRE = "at_hire", _("when hired")
    NEW_VERSION = "new_version", _("at each new version")
    YEARLY = "yearly", _("every year")


class ReadingDuty(TenantModel, SourcedModel, DatedModel):
    """Who is to read and acknowledge a governing document, and when; nobody named in ``who`` is everybody."""

    document = models.ForeignKey(GoverningDocument, on_delete=models.PROTECT, related_name="reading_duties")
    occasion = models.CharField(max_length=20, choices=ReadingOccasion.choices)
    who = models.JSONField(default=list, blank=True)
    objects = DatedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("reading duty")
        verbose_name_plural = _("reading duties")
        ordering = ("municipality", "document", "pk")
        constraints = (
            *DatedModel.Meta.constraints,
            models.UniqueConstraint(fields=("municipality", "key"), name="policies_readingduty_key_once"),
        )

    def __str__(self) -> str:
        return f"{self.document}: {self.get_occasion_display()}"
