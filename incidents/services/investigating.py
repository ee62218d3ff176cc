"""The investigation of the cause: people, technology, organisation, in own words; it asks what, and never who erred."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.errors import InvestigationChanged, ReasonMissing
from incidents.investigation import PARTS, texts_of, token_of
from incidents.models import Incident, IncidentStatus
from incidents.services.locking import locked_for_handler, note
from organisation import clock
from organisation.models import User


@transaction.atomic
def investigate(*, incident: Incident, texts: Mapping[str, str], token: str, by: User) -> Incident:
    """Write the investigation's parts; a part left empty is removed. Who and when stands in the case's story.

    What a part said before is kept beside the case, with who changed it and when (``NarrativeChange``).

    ``texts`` is part → own words, ``token`` the mark (``token_of``) of what ``by`` saw. The same texts again change
    nothing. Raises ``NotAllowed``, ``OwnReport``, ``ReasonMissing`` when all is empty, ``InvestigationChanged``.
    """
    incident = locked_for_handler(incident, by)
    standing = texts_of(incident)
    wanted = {part: texts.get(part, "").strip() for part in PARTS}
    if wanted == standing:
        if not any(standing.values()):
            raise ReasonMissing(_("Write in at least one of the boxes."))
        return incident
    if token_of(standing) != token:
        raise InvestigationChanged
    now = clock.now()
    for part, words in wanted.items():
        if words == standing[part]:
            continue
        incident.narrative_changes.create(key=part, text=standing[part], by=by, at=now)
        if words:
            incident.narratives.update_or_create(key=part, defaults={"text": words})
        else:
            incident.narratives.filter(key=part).delete()
    note(incident, IncidentStatus.Change.INVESTIGATED, by=by, at=now)
    return incident
