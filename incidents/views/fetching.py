"""The cases that a page may be about: only those that the person may see; else 404."""

import uuid
from collections.abc import Callable

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from incidents import services
from incidents.models import CaseAttachment, Incident
from incidents.permissions import REPORT_INCIDENT
from organisation.access import Scope
from organisation.errors import NotAllowed
from organisation.models import User
from organisation.requests import PersonRequest


def case_seen(request: PersonRequest, public_id: uuid.UUID) -> Incident:
    """Return a case that the person may see."""
    cases = Incident.objects.visible_to(request.user).select_related("body", "municipality")
    return get_object_or_404(cases, public_id=public_id)


def case_to_handle(request: PersonRequest, public_id: uuid.UUID) -> Incident:
    """Return the case, or refuse at once, before the person has to correct what they typed."""
    found = case_seen(request, public_id)
    services.require_handler(found, request.user)
    return found


def file_seen(request: PersonRequest, public_id: uuid.UUID) -> CaseAttachment:
    """Return a file of a case that the person may see; whether they may read it, the caller asks."""
    files = CaseAttachment.objects.filter(incident__in=Incident.objects.visible_to(request.user))
    return get_object_or_404(files.select_related("attachment", "incident__body"), attachment__public_id=public_id)


def refuse_strangers(request: PersonRequest, own: "Callable[[User], QuerySet[Incident]] | None" = None) -> None:
    """Raise ``NotAllowed`` for someone who neither works in the municipality nor has a case of their ``own`` here.

    People from outside who sit in a group see that group and nothing else.
    """
    if Scope.of(request.user).holds(REPORT_INCIDENT):
        return
    if own is None or not own(request.user).exists():
        raise NotAllowed
