"""The municipality's bodies and the dated tree that they stand in."""

import secrets
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisation.models.base import DatedModel, DatedQuerySet, SourcedModel, TenantModel
from organisation.models.municipality import Municipality


class BodyKind(models.TextChoices):
    """What a body is; the first seven are authorities of their own."""

    COUNCIL = "council", _("council")
    BOARD = "board", _("executive board")
    COMMITTEE = "committee", _("committee")
    COMPANY = "company", _("municipal company")
    CRISIS_COMMITTEE = "crisis_committee", _("crisis committee")
    JOINT_COMMITTEE = "joint_committee", _("joint committee")
    FEDERATION = "federation", _("municipal federation")
    WORKING_COMMITTEE = "working_committee", _("working committee")
    DEPARTMENT = "department", _("department")
    UNIT = "unit", _("unit")
    SAFETY_UNIT = "safety_unit", _("safety unit")
    SAFETY_GROUP = "safety_group", _("safety group")
    RISK_GROUP = "risk_group", _("risk-management group")
    CRIME_PREVENTION_COUNCIL = "crime_prevention_council", _("crime-prevention council")
    CRISIS_SUPPORT = "crisis_support", _("crisis support group")
    CRISIS_COMMAND = "crisis_command", _("crisis command")
    OTHER_GROUP = "other_group", _("group")
    OUTSIDE_PARTY = "outside_party", _("outside party")


# Each committee is its own authority and so is a company; access to what is below never crosses into one.
AUTHORITIES = frozenset(
    {
        BodyKind.COUNCIL,
        BodyKind.BOARD,
        BodyKind.COMMITTEE,
        BodyKind.COMPANY,
        BodyKind.CRISIS_COMMITTEE,
        BodyKind.JOINT_COMMITTEE,
        BodyKind.FEDERATION,
    }
)
# What a filter offers of many bodies (organisation/choices.py). In one order, since an index holds the very words.
HOLD_OTHERS = tuple(sorted({*AUTHORITIES, BodyKind.DEPARTMENT}))
HOLD_OTHERS_FIRST = Case(When(kind__in=HOLD_OTHERS, then=0), default=1, output_field=models.SmallIntegerField())
# Bodies that turn the policy into an action plan of their own (R82, R178).
PLANNING_BODIES = frozenset({BodyKind.BOARD, BodyKind.COMMITTEE, BodyKind.COMPANY, BodyKind.JOINT_COMMITTEE})
# Bodies in which people work and things happen.
WORKPLACES = frozenset({BodyKind.DEPARTMENT, BodyKind.UNIT, BodyKind.COMPANY, BodyKind.SAFETY_UNIT})

# Without 0/O, 1/I/L: a code is read from a poster and typed on a phone.
CODE_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_report_code() -> str:
    """Return a short unguessable code for the address on a unit's poster."""
    return "".join(secrets.choice(CODE_ALPHABET) for _position in range(8))


class BodyQuerySet(DatedQuerySet):
    """Questions about many bodies."""

    def of(self, municipality: Municipality) -> Self:
        """Bodies of one municipality."""
        return self.filter(municipality=municipality)

    def planning(self) -> Self:
        """Bodies that adopt an action plan of their own (R82, R178)."""
        return self.filter(kind__in=PLANNING_BODIES)

    def workplaces(self) -> Self:
        """Bodies in which people work and things happen: departments, units and companies."""
        return self.filter(kind__in=WORKPLACES)


class Body(TenantModel, SourcedModel, DatedModel):
    """A part of the organisation: council, board, committee, company, department, unit or group."""

    kind = models.CharField(max_length=30, choices=BodyKind.choices)
    # As it is called today; a body that has been renamed has a ``BodyName`` for each of its names.
    name = models.CharField(max_length=160)
    note = models.TextField(blank=True)
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors")
    report_code = models.CharField(max_length=12, unique=True, default=new_report_code, editable=False)
    objects = BodyQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ("municipality", "name")
        constraints = (
            *DatedModel.Meta.constraints,
            models.UniqueConstraint(fields=("municipality", "key"), name="organisation_body_key_once"),
            # Nothing is orphaned: what a closed body leaves behind is somebody's.
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(successor__isnull=False),
                name="organisation_closed_body_has_a_successor",
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "kind", "name"), name="organisation_body_kind"),
            models.Index(F("municipality"), HOLD_OTHERS_FIRST, F("name"), F("id"), name="organisation_body_to_choose"),
        )

    def __str__(self) -> str:
        return self.name

    def is_closed(self, on: date) -> bool:
        """Tell whether the body has ended on the day ``on``, so that its successor answers for what it left."""
        return self.valid_to is not None and self.valid_to <= on

    def is_workplace(self, on: date) -> bool:
        """Tell whether people work in the body and it stands on the day ``on``."""
        return self.kind in WORKPLACES and self.is_in_force(on)

    @property
    def is_authority(self) -> bool:
        """Tell whether the body is an authority of its own (council, board, committee, company …)."""
        return self.kind in AUTHORITIES


class BodyName(TenantModel, DatedModel):
    """What a renamed body is called during a period; a body that never was renamed has none of these."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=160)
    objects = DatedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("name of a body")
        verbose_name_plural = _("names of bodies")
        ordering = ("municipality", "body", "valid_from")

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}"


class Placement(TenantModel, DatedModel):
    """Body stands under parent during a period; periods of one body never overlap."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="placements")
    parent = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="placements_below")
    objects = DatedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ("municipality", "body", "valid_from")
        constraints = (
            *DatedModel.Meta.constraints,
            models.CheckConstraint(condition=~Q(body=F("parent")), name="organisation_placement_not_under_itself"),
        )

    def __str__(self) -> str:
        return f"{self.body} < {self.parent}"


class BodyClosure(models.Model):
    """Today's answer to "what lies below?", derived from placements by ``organisation.tree``.

    It never passes from one authority into another, and holds closed bodies beneath their successors.
    ``taken_over``: the ancestor is the body itself, or has taken over what the closed body left.
    """

    municipality = models.ForeignKey("organisation.Municipality", on_delete=models.CASCADE, related_name="+")
    ancestor = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="+")
    descendant = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="+")
    taken_over = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("ancestor", "descendant"), name="organisation_closure_once"),)
        indexes = (models.Index(fields=("descendant", "ancestor"), name="organisation_closure_up"),)

    def __str__(self) -> str:
        return f"{self.ancestor_id} > {self.descendant_id}"


def parents_on(municipality: Municipality, on: date) -> dict[int, int]:
    """Return body id → parent id for the placements of ``municipality`` in force on the day ``on``."""
    placements = Placement.objects.filter(municipality=municipality).in_force(on)
    return dict(placements.values_list("body_id", "parent_id"))


def names_on(municipality: Municipality, on: date) -> dict[int, str]:
    """Return body id → name on the day ``on``, for bodies that have been renamed; others keep theirs."""
    names = BodyName.objects.filter(municipality=municipality).in_force(on)
    return dict(names.values_list("body_id", "name"))
