"""Pages of the governing documents: what is in force, and what each says in the portal's own words."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from organisation import clock
from organisation.access import require
from organisation.models import BodyKind
from policies import permissions
from policies.models import Area, Dimension, Goal, GoverningDocument, Law, ProtectedValue


@login_required
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """The hierarchy of documents, and the words and laws that the municipality's work rests on."""
    require(request.user, permissions.VIEW_DOCUMENT)
    today, municipality = clock.today(), request.user.municipality
    found = GoverningDocument.objects.visible_to(request.user).with_versions()
    vocabularies = [
        (model._meta.verbose_name, list(model.objects.in_force(today).filter(municipality=municipality)))
        for model in (Goal, Area, ProtectedValue, Dimension)
    ]
    context = {
        "documents": [(document, document.version_in_force(today)) for document in found],
        "vocabularies": [(str(name), words) for name, words in vocabularies if words],
        "laws": Law.objects.filter(municipality=municipality),
        "rules": municipality.rules(today),
        "today": today,
    }
    return render(request, "policies/documents.html", context)


@login_required
@require_safe
def document(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One document: its decision and reviews, what it replaces, and its clauses."""
    visible = GoverningDocument.objects.visible_to(request.user).with_versions()
    found = get_object_or_404(visible.prefetch_related("versions__clauses", "children"), public_id=public_id)
    today = clock.today()
    versions = list(found.versions.all())
    shown = found.version_in_force(today) or (versions[0] if versions else None)
    context = {
        "document": found,
        "version": shown,
        "older": [version for version in versions if version != shown],
        "body_kinds": dict(BodyKind.choices),
        "today": today,
    }
    return render(request, "policies/document.html", context)
