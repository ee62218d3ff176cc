"""Pages of the governing documents: what is in force, and what each says in the portal's own words."""

import uuid
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisation import clock
from organisation.access import require
from organisation.actors import Actors
from organisation.errors import NotAllowed
from organisation.models import Municipality
from organisation.requests import PersonRequest
from policies import permissions
from policies.clauses import in_groups, words_in
from policies.coverage import coverage
from policies.facts import facts, words_of
from policies.hierarchy import Placed, find, hierarchy
from policies.models import Area, Dimension, DocumentVersion, Goal, GoverningDocument, Law, ProtectedValue
from policies.sentences import in_force_text


@login_required
@require_safe
def documents(request: PersonRequest) -> HttpResponse:
    """The hierarchy of documents, and the words and laws that the municipality's work rests on."""
    require(request.user, permissions.VIEW_DOCUMENT)
    today, municipality = clock.today(), _municipality(request)
    found = list(GoverningDocument.objects.visible_to(request.user).with_versions())
    laws = list(Law.objects.filter(municipality=municipality))
    actors = Actors(municipality, {said.get("of", "") for law in laws for said in law.obligations})
    context = {
        "roots": hierarchy(found, municipality.rules(today), municipality, today),
        "goals": Goal.objects.in_force(today).filter(municipality=municipality).select_related("area", "document"),
        "vocabularies": _vocabularies(municipality, today),
        "laws": coverage(laws, found, actors, today),
        "laws_added": bool(laws) and not any(law.from_document for law in laws),
        "today": today,
    }
    return render(request, "policies/documents.html", context)


@login_required
@require_safe
def document(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One document: its decision and reviews, what it replaces, and the clauses of one of its versions."""
    visible = GoverningDocument.objects.visible_to(request.user).with_versions()
    found = get_object_or_404(visible, public_id=public_id)
    today, municipality = clock.today(), _municipality(request)
    family = visible.filter(Q(pk=found.pk) | Q(pk=found.parent_id) | Q(parent=found))
    placed = find(hierarchy(family, municipality.rules(today), municipality, today), found)
    version = _shown(request, placed)
    clauses = list(version.clauses.all()) if version else []
    duties = list(found.reading_duties.in_force(today))
    actors = Actors(municipality, words_in(clauses) | words_of(placed, version, duties))
    context = {
        "placed": placed,
        "document": found,
        "version": version,
        "facts": facts(placed, version, duties, actors),
        "others": [(one, in_force_text(one)) for one in placed.document.versions.all() if one != version],
        "is_shown_in_force": version is not None and version == placed.version,
        "groups": in_groups(clauses, Area.objects.filter(municipality=municipality), actors),
        "today": today,
    }
    return render(request, "policies/document.html", context)


def _municipality(request: PersonRequest) -> Municipality:
    """The person's municipality; ``NotAllowed`` for an operator, who has none."""
    if request.user.municipality is None:
        raise NotAllowed
    return request.user.municipality


def _shown(request: PersonRequest, placed: Placed) -> DocumentVersion | None:
    """The version asked for by its public id; else the one in force, else the newest. 404 for a strange one."""
    versions = list(placed.document.versions.all())
    if asked := request.GET.get("version"):
        chosen = next((version for version in versions if str(version.public_id) == asked), None)
        if chosen is None:
            raise Http404
        return chosen
    return placed.version or (versions[0] if versions else None)


def _vocabularies(municipality: Municipality, today: date) -> list[dict[str, Any]]:
    """Areas, protected values and dimensions in force, each with whether all of it is the portal's addition."""
    shown = []
    # R159: the municipality may call its areas something else.
    areas = capfirst((municipality.words.get("area") or {}).get("many")) or _("Areas")
    for model, title in ((Area, areas), (ProtectedValue, _("Worth protecting")), (Dimension, _("Dimensions"))):
        words = list(model.objects.in_force(today).filter(municipality=municipality))
        if words:
            added = not any(word.from_document for word in words)
            shown.append({"title": title, "words": words, "added": added})
    return shown
