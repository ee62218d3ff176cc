"""How it went: what the workplace is told when a case has been closed."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from incidents.models.apart import Withheld
from incidents.models.incident import Incident, IncidentState
from organisation import clock
from organisation.models import Appointment, Body, BodyClosure, TenantModel


class OutcomeQuerySet(models.QuerySet):
    """Questions about many outcomes."""

    def visible_to(self, person: Any) -> Self:
        """Outcomes told to workplaces at which the person holds a seat today, or that theirs have taken over.

        Never of a case that is kept from the person, has been marked as secret since, is open again, or has been
        disposed of.
        """
        seats = Appointment.objects.in_force(clock.today()).filter(person_id=person.pk)
        own = seats.values("seat__body_id")
        taken_over = BodyClosure.objects.filter(ancestor_id__in=own, taken_over=True).values("descendant_id")
        kept_from = Withheld.objects.filter(incident=OuterRef("incident_id"), person_id=person.pk)
        return self.filter(
            Q(body_id__in=own) | Q(body_id__in=taken_over),
            municipality_id=person.municipality_id,
            incident__state=IncidentState.CLOSED,
            incident__secret=False,
            incident__disposed_at__isnull=True,
        ).exclude(Exists(kept_from))


class Outcome(TenantModel):
    """How a case went, in plain words to those who work at the unit: no names, nothing of what was told.

    Goes with the case: deleted when it is disposed of. Carries no history.
    """

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="outcome")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="outcomes")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome told to a workplace")
        verbose_name_plural = _("outcomes told to workplaces")
        ordering = ("municipality", "-published_at", "-pk")
        indexes = (models.Index(fields=("body", "-published_at", "-id"), name="incidents_outcomes"),)

    def __str__(self) -> str:
        return f"outcome of {self.incident_id}"
