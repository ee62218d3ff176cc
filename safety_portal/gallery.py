"""A page that shows every component in its states, for those who build and test the portal.

Shown while ``DEBUG`` is on and to operators; to everyone else it does not exist. All examples are
invented. The words of the examples are Swedish, as on the real pages; the page itself is in English.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from safety_portal.forms import (
    ChoiceRows,
    DateField,
    KronorField,
    PortalForm,
    ScaleSelect,
    SubmissionKeyField,
    TimeField,
)

LIKELIHOOD = ("Mycket osannolik", "Osannolik", "Möjlig", "Sannolik", "Mycket sannolik")
CONSEQUENCE = ("Försumbar", "Lindrig", "Kännbar", "Allvarlig", "Mycket allvarlig")
BANDS = {1: "Låg", 2: "Måttlig", 3: "Hög", 4: "Mycket hög"}
# Severity per cell, likelihood high to low; the last column is never low.
SEVERITY = ((2, 3, 3, 4, 4), (1, 2, 3, 3, 4), (1, 2, 2, 3, 3), (1, 1, 2, 2, 3), (1, 1, 1, 1, 3))
BEFORE = ((0, 0, 1, 0, 1), (0, 2, 5, 4, 2), (0, 1, 2, 3, 1), (0, 1, 1, 1, 0), (0, 0, 1, 0, 0))
AFTER = ((0, 0, 0, 0, 0), (0, 1, 2, 1, 1), (0, 3, 5, 2, 1), (0, 2, 3, 2, 1), (0, 1, 1, 0, 0))


class GalleryForm(PortalForm):
    """One field of each kind."""

    submission_key = SubmissionKeyField()
    kind = forms.ChoiceField(
        label="Vad har hänt?",
        choices=[("threat", "Hot"), ("violence", "Våld"), ("near_miss", "Det var nära att något hände")],
        widget=ChoiceRows(hints={"near_miss": "Ingen blev skadad, men det kunde ha gått illa."}),
    )
    likelihood = forms.ChoiceField(
        label="Hur sannolikt är det?",
        choices=[(str(step), f"{step} {word}") for step, word in enumerate(LIKELIHOOD, 1)],
        widget=ScaleSelect,
    )
    told = forms.MultipleChoiceField(
        label="Vem ska få veta?",
        choices=[("manager", "Min chef"), ("safety", "Skyddsombudet")],
        widget=forms.CheckboxSelectMultiple,
        help_text="Välj en eller flera.",
    )
    happened_on = DateField(label="Vilken dag?", help_text="Till exempel 16 11 2026.")
    happened_at = TimeField(label="Vilken tid?")
    unit = forms.ChoiceField(
        label="Enhet", choices=[("", "Välj"), ("1", "Ängsgläntans hemtjänst"), ("2", "Solbackens skola")]
    )
    cost = KronorField(label="Kostnad")
    text = forms.CharField(
        label="Vill du berätta mer?",
        widget=forms.Textarea,
        help_text="Skriv inga namn på klienter eller anhöriga.",
    )
    attachment = forms.FileField(label="Bilaga")
    serious = forms.BooleanField(label="Det här är en allvarlig risk (AFS)")


class GalleryFilter(PortalForm):
    """A list's filter."""

    q = forms.CharField(label="Sök", required=False)
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Alla öppna"), ("new", "Ny")])
    body = forms.ChoiceField(label="Nämnd eller enhet", required=False, choices=[("", "Alla"), ("1", "Äldrenämnden")])


def _matrix(mode: str) -> dict[str, Any]:
    rows = []
    for place, word in enumerate(reversed(LIKELIHOOD)):
        cells = [
            {
                "number": (5 - place) * (column + 1),
                "severity": SEVERITY[place][column],
                "word": BANDS[SEVERITY[place][column]],
                "before": BEFORE[place][column],
                "after": AFTER[place][column],
                "url": "#matrix",
            }
            for column in range(5)
        ]
        rows.append({"word": word, "cells": cells})
    return {
        "caption": "Antal risker före → efter åtgärder, per ruta",
        "columns": CONSEQUENCE,
        "rows": rows,
        "mode": mode,
        "note": "Lodrätt: sannolikhet. Vågrätt: konsekvens. Nivån bestäms för varje ruta, inte av produkten.",
    }


def _tree() -> list[dict[str, Any]]:
    unit = {
        "name": "Ängsgläntans hemtjänst",
        "kind": "Enhet, 38 anställda",
        "url": "#tree",
        "seats": [
            {"title": "Enhetschef", "holder": "Maja Exempelsson"},
            {"title": "Säkerhetsombud", "vacant": True, "days": 112, "answers": "Enhetschef Maja Exempelsson"},
            {"title": "Skyddsombud", "holder": "Omar Påhittad", "detail": "till och med 31 december 2026"},
        ],
    }
    committee = {
        "name": "Äldrenämnden",
        "kind": "Egen myndighet. Ansvarar för sitt område.",
        "seats": [{"title": "Ordförande", "holder": "Karin Skissmark"}],
        "children": [unit],
    }
    company = {
        "name": "Demobostäder AB",
        "kind": "Kommunalt bolag",
        "seats": [{"title": "Vd", "vacant": True, "days": 1}],
    }
    return [
        {
            "name": "Kommunfullmäktige",
            "kind": "Beslutar policy och ekonomiska ramar",
            "seats": [{"title": "Ordförande", "holder": "Ingrid Exempelström"}],
            "children": [committee, company],
        }
    ]


def _work() -> list[dict[str, Any]]:
    return [
        {
            "due": "14 november",
            "late": True,
            "title": "Bedöm om H-2026-0398 ska anmälas",
            "url": "#work",
            "why": "Fysiskt våld, Tallmons gruppboende. Arbetsmiljöverket: ja eller nej, med skäl.",
            "tone": "late",
            "status": "Försenad 2 dagar",
        },
        {"due": "I dag 16.00", "title": "Läs ny rapport H-2026-0417", "url": "#work", "tone": "new", "status": "Ny"},
        {
            "due": "15 december",
            "title": "Se över rutin för ensamarbete",
            "url": "#work",
            "why": "Ska ses över varje år.",
        },
    ]


def _charts() -> list[dict[str, Any]]:
    return [
        {
            "finding": "Hot: 9 färre än i fjol",
            "name": "Hot",
            "now": [6, 5, 7, 4, 3, 2, 1, 3, 5, 3],
            "before": [7, 6, 8, 5, 4, 3, 2, 4, 5, 4, 6, 5],
        },
        {
            "finding": "Tillbud: 31 fler anmäls",
            "name": "Tillbud",
            "now": [8, 9, 10, 9, 8, 5, None, 9, 11, 12],
            "before": [6, 6, 7, 6, 6, 4, 3, 5, 7, 8, 7, 7],
        },
        {"finding": "Stöld: inga händelser", "name": "Stöld", "now": [0] * 10, "before": []},
    ]


def _job(done: int, **state: Any) -> dict[str, Any]:
    parts = ("Sammanfattning", "Organisation och vakanser", "Risker före och efter")
    return {
        "title": "Årsrapport 2026",
        "parts": [{"title": part, "done": place < done} for place, part in enumerate(parts)],
        **state,
    }


def _context() -> dict[str, Any]:
    """The examples, one name for each component of ``pages/gallery.html``."""
    wrong = GalleryForm(
        {"wrong-happened_on_day": "31", "wrong-happened_on_month": "2", "wrong-cost": "många"}, prefix="wrong"
    )
    very_high, high = {"severity": 4, "word": "Mycket hög", "number": 20}, {"severity": 3, "word": "Hög", "number": 12}
    return {
        "sample": GalleryForm(prefix="right", initial={"kind": "violence", "cost": 970_000_00}),
        "wrong": wrong,
        "filter": GalleryFilter(),
        "trail": [("Uppföljning", "#top"), ("Årsrapport 2026", "#top")],
        "views": [
            {"label": "Före och efter", "url": "#top", "current": True},
            {"label": "Bara före", "url": "#top"},
            {"label": "Hämta CSV", "url": "#top"},
        ],
        "bands": [{"severity": step, "word": BANDS[step]} for step in (4, 3, 2, 1)],
        "very_high": very_high,
        "high": high,
        "statuses": [
            ("new", "Ny"),
            ("go", "Utreds"),
            ("wait", "Väntar på svar"),
            ("done", "Klar"),
            ("late", "Försenad 3 dagar"),
            ("off", "Ej påbörjad"),
        ],
        "figures": [
            {"value": "58", "label": "hot och våld", "url": "#figures", "change": "13 färre än 2025"},
            {"value": "3 → 0", "label": "risker på nivå mycket hög, efter planen"},
            {"value": "970 000 kr", "label": "kostnad 2027", "change": "ryms i ramen"},
        ],
        "work": _work(),
        "points": ["Äldrenämnden antar handlingsplanen för 2027.", "Nämnden avsätter 970 000 kronor i budget 2027."],
        "matrix": _matrix("both"),
        "tree": _tree(),
        "charts": _charts(),
        "receipt": [("Nummer", "H-2026-0417"), ("Din kod", "7K4 MPX")],
        "steps": [
            {"title": "Rapporten är skickad", "detail": "I dag 14.02", "done": True},
            {
                "title": "Din chef Maja Exempelsson läser den",
                "detail": "Du får svar senast tisdag 17 november klockan 14",
            },
            {"title": "Vi frågar hur du mår", "detail": "Om 3 dagar, och igen om 14 dagar"},
        ],
        "events": [
            {"when": "16 november 2026 14.10", "who": "Maja Exempelsson", "title": "Läst av chefen"},
            {
                "when": "16 november 2026 14.02",
                "title": "Rapporten kom in",
                "text": "Två rader\nsom den som rapporterade skrev.",
            },
        ],
        "summary": [
            {
                "key": "Vad",
                "value": "Hot",
                "actions": [{"label": "Ändra", "url": "#summary", "about": "vad som har hänt"}],
            },
            {"key": "Plats", "value": ""},
        ],
        "tasks": [
            {"title": "Identifiera risker", "url": "#tasks", "tone": "done", "status": "Klar"},
            {"title": "Bedöm konsekvens", "url": "#tasks", "hint": "3 av 8 risker", "tone": "go", "status": "Pågår"},
            {"title": "För till planen", "status": "Kan inte börja än"},
        ],
        "running": _job(1, poll_url="", finished=True),
        "failed": _job(1, failed="Kapitlet Risker gick inte att göra", finished=False, poll_url=""),
        "changes": [
            {"field": "Kostnad", "theirs": "360 000 kronor", "yours": "310 000 kronor"},
            {"field": "Klar", "theirs": "mars 2027", "yours": "juni 2027"},
        ],
    }


def gallery(request: HttpRequest) -> HttpResponse:
    """Show the gallery, or 404 for everyone whom it is not for."""
    if not (settings.DEBUG or request.user.is_superuser):
        raise Http404
    return render(request, "pages/gallery.html", _context())
