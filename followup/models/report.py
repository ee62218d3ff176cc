"""The yearly report: one per municipality, year, edition and version, made from stored figures."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from followup.permissions import VIEW_REPORT
from notifications.models import Job, JobState
from organisation.access import ScopedQuerySet
from organisation.models import Municipality, TenantModel


class Edition(models.TextChoices):
    """For whom the report is: the public edition suppresses counts under five."""

    PUBLIC = "public", _("public edition")
    SECRET = "secret", _("edition under secrecy")


class ReportState(models.TextChoices):
    """Where a report stands."""

    MAKING = "making", _("being made")
    READY = "ready", _("ready")
    SAME = "same", _("the same as an earlier version")
    FAILED = "failed", _("stopped")


class ReportQuerySet(ScopedQuerySet):
    """Questions about many reports; a report belongs to the municipality, not to one body."""

    view_permission = VIEW_REPORT

    def ready(self) -> Self:
        """Reports that can be read."""
        return self.filter(state=ReportState.READY)

    def of(self, municipality: Municipality, year: int, edition: str) -> Self:
        """All versions of one year's report in one edition."""
        return self.filter(municipality=municipality, year=year, edition=edition)


class Report(TenantModel):
    """The follow-up of one year for the executive board (R111, R177), as figures and as a PDF.

    The same version always gives the same numbers; a later correction makes a new version. A report
    whose figures turn out equal to those of the newest version is not a version of its own: it points
    to that one (``same_as``).
    """

    year = models.PositiveSmallIntegerField()
    edition = models.CharField(max_length=10, choices=Edition.choices, default=Edition.PUBLIC)
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.MAKING)
    cut_off = models.DateField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField()
    render_job = models.OneToOneField(Job, null=True, blank=True, on_delete=models.PROTECT, related_name="report")
    same_as = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # What the front page and the summary say, drawn from the chapters' figures when the last one is done.
    summary = models.JSONField(null=True, blank=True)
    figures_digest = models.CharField(max_length=64, blank=True)
    file = models.FileField(upload_to="reports/", blank=True, max_length=255)
    file_digest = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    objects = ReportQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("yearly report")
        verbose_name_plural = _("yearly reports")
        ordering = ("municipality", "-year", "edition", "-version")
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "year", "edition", "version"),
                condition=~Q(state="same"),
                name="followup_report_version_once",
            ),
            models.UniqueConstraint(
                fields=("municipality", "year", "edition"),
                condition=Q(state="making"),
                name="followup_one_report_in_the_making",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(file="") & ~Q(file_digest="")),
                name="followup_ready_has_a_file",
            ),
            models.CheckConstraint(
                condition=Q(state="same", same_as__isnull=False) | (~Q(state="same") & Q(same_as__isnull=True)),
                name="followup_same_as_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.municipality} {self.year} ({self.version})"

    @property
    def covers_whole_year(self) -> bool:
        """Tell whether the figures reach the end of the year."""
        return self.cut_off == date(self.year, 12, 31)


class Chapter(TenantModel):
    """One chapter of a report: computed by its own job, kept as figures from which page and PDF are drawn."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="chapters")
    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="chapter")
    figures = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        ordering = ("report", "position")
        constraints = (models.UniqueConstraint(fields=("report", "key"), name="followup_chapter_once"),)

    def __str__(self) -> str:
        return f"{self.report_id} {self.key}"

    @property
    def is_done(self) -> bool:
        """Tell whether the chapter's figures are computed; the job must be loaded."""
        return self.job.state == JobState.DONE
