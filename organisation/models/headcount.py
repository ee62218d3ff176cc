"""How many work where: the ground of figures per 100 employees."""

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisation.models.base import TenantModel
from organisation.models.body import Body


class HeadcountQuerySet(models.QuerySet):
    """Questions about many headcounts."""

    def latest_on(self, on: date) -> Self:
        """The newest headcount of each body that was counted on the day ``on`` or before."""
        newer = self.model._default_manager.filter(
            body=models.OuterRef("body"), counted_on__lte=on, counted_on__gt=models.OuterRef("counted_on")
        )
        return self.filter(counted_on__lte=on).filter(~models.Exists(newer))


class Headcount(TenantModel):
    """How many employees a body itself had on a day; bodies below it are counted by themselves."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="headcounts")
    counted_on = models.DateField()
    employees = models.PositiveIntegerField()
    objects = HeadcountQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("headcount")
        verbose_name_plural = _("headcounts")
        ordering = ("municipality", "body", "-counted_on")
        constraints = (models.UniqueConstraint(fields=("body", "counted_on"), name="organisation_headcount_once"),)

    def __str__(self) -> str:
        return f"{self.body_id} {self.counted_on}: {self.employees}"
