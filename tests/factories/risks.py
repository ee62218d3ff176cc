"""Scales, dimensions and risks; a risk is logged by the service unless a test needs otherwise."""

import itertools
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import slugify

from incidents.models import Incident, IncidentKind
from organisation import clock
from organisation.models import Body, Municipality, User
from policies.models import Area, Dimension, ProtectedValue
from risks.models import Risk, Scale
from risks.services import log_risk

LIKELIHOOD = ("Mycket osannolik", "Osannolik", "Möjlig", "Sannolik", "Mycket sannolik")
CONSEQUENCE = ("Försumbar", "Lindrig", "Kännbar", "Allvarlig", "Mycket allvarlig")
BANDS = (
    {"key": "low", "word": "Låg", "severity": 1},
    {"key": "moderate", "word": "Måttlig", "severity": 2},
    {"key": "high", "word": "Hög", "severity": 3},
    {"key": "very-high", "word": "Mycket hög", "severity": 4},
)
# One letter per cell, the lowest likelihood first; 1 × 5 is high although its product is 5.
CELLS = ("LLLLH", "LLMMH", "LMMHH", "LMHHV", "MHHVV")
LETTERS = {"L": "low", "M": "moderate", "H": "high", "V": "very-high"}

# Looks like none of the five municipalities: three steps by six, three bands of which none has severity 3.
ODD_LIKELIHOOD = ("sällan", "ibland", "ofta")
ODD_CONSEQUENCE = ("ingen", "knappt märkbar", "märkbar", "svår", "mycket svår", "katastrofal")
ODD_BANDS = (
    {"key": "gron", "word": "godtas", "severity": 1},
    {"key": "gul", "word": "bevakas", "severity": 2},
    {"key": "rod", "word": "åtgärdas", "severity": 4},
)
ODD_CELLS = ("GGGYYR", "GGYYRR", "GYYRRR")
ODD_LETTERS = {"G": "gron", "Y": "gul", "R": "rod"}


def make_scale(municipality: Municipality, key: str = "workplace", **fields: Any) -> Scale:
    """Make the 5 × 5 scale of a workplace, or one that ``fields`` describe."""
    defaults = {
        "name": "Arbetsplats 5 × 5",
        "likelihood": list(LIKELIHOOD),
        "consequence": list(CONSEQUENCE),
        "bands": list(BANDS),
        "cells": [[LETTERS[letter] for letter in row] for row in CELLS],
    }
    return Scale.objects.create(municipality=municipality, key=key, **{**defaults, **fields})


def make_odd_scale(municipality: Municipality, key: str = "odd", **fields: Any) -> Scale:
    """Make the 3 × 6 scale."""
    return make_scale(
        municipality,
        key,
        name="Exempelbys skala",
        likelihood=list(ODD_LIKELIHOOD),
        consequence=list(ODD_CONSEQUENCE),
        bands=list(ODD_BANDS),
        cells=[[ODD_LETTERS[letter] for letter in row] for row in ODD_CELLS],
        **fields,
    )


def make_dimensions(
    municipality: Municipality, names: Sequence[str] = ("Människor", "Verksamhet"), persons: str = "Människor"
) -> list[Dimension]:
    """Make dimensions of consequence; the one named ``persons`` is about persons."""
    return [
        Dimension.objects.create(
            municipality=municipality,
            key=f"dimension-{position}",
            name=name,
            position=position,
            about_persons=name == persons,
        )
        for position, name in enumerate(names)
    ]


def make_areas(
    municipality: Municipality, names: Sequence[str] = ("Personlig säkerhet", "Tekniskt skydd"), **fields: Any
) -> list[Area]:
    """Make areas in order."""
    return [
        Area.objects.create(municipality=municipality, key=slugify(name), name=name, position=position, **fields)
        for position, name in enumerate(names)
    ]


_incident_numbers = itertools.count(1)


def make_ground(body: Body, **fields: Any) -> Incident:
    """Make an incident at ``body``, to ground a risk on."""
    defaults = {
        "year": 2026,
        "number": next(_incident_numbers),
        "kind": IncidentKind.THREAT,
        "occurred_on": clock.today(),
        "reported_at": clock.now(),
        "became_aware_at": clock.now(),
    }
    return Incident.objects.create(municipality=body.municipality, body=body, **{**defaults, **fields})


def make_value(municipality: Municipality, name: str = "Liv och hälsa") -> ProtectedValue:
    """Make one protected value."""
    return ProtectedValue.objects.create(municipality=municipality, key=name.split()[0].lower(), name=name)


def consequences(municipality: Municipality, steps: Sequence[int] | int) -> Mapping[Dimension | None, int]:
    """Return steps by dimension, in order; for a municipality without dimensions the first step alone."""
    wanted = [steps] if isinstance(steps, int) else list(steps)
    standing = list(Dimension.objects.filter(municipality=municipality))
    if not standing:
        return {None: wanted[0]}
    return {dimension: step for dimension, step in zip(standing, wanted, strict=False) if step}


def make_risk(by: User, body: Body, *, likelihood: int = 4, steps: Sequence[int] | int = 3, **fields: Any) -> Risk:
    """Log a risk at ``body`` as ``by``; ``steps`` are consequences by dimension, 0 for one that isn't touched."""
    return log_risk(
        by=by,
        body=body,
        likelihood=likelihood,
        **{
            "title": "Personal som arbetar ensam kan bli hotad",
            "consequences": consequences(body.municipality, steps),
            "submission_key": uuid.uuid4(),
            **fields,
        },
    )
