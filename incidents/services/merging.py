"""Two reports of one event: the one is closed into the other, and can be taken out again."""

from django.db import transaction

from incidents import notices
from incidents.errors import CannotMerge
from incidents.models import Incident, IncidentState, IncidentStatus
from incidents.services.assigning import close_by
from incidents.services.handling import move, require_decisions
from incidents.services.locking import note, require_handler, said
from organisation import clock
from organisation.errors import WrongState
from organisation.models import AUTHORITIES, BodyClosure, User


@transaction.atomic
def merge_case(*, incident: Incident, into: Incident, reason: str, by: User) -> Incident:
    """Close ``incident`` into ``into``, which goes on; its reporter is told where it is handled from now on.

    Taking it up again (``reopen_case``) undoes it. Figures count the two as one. Raises ``NotAllowed``, ``OwnReport``
    unless ``by`` handles both, ``ReasonMissing``, ``DecisionsOpen``, ``CannotMerge`` when they are of different
    authorities or one is kept from somebody who may see the other, ``WrongState`` unless both are open.
    """
    incident, into = _both_locked(incident, into)
    for case in (incident, into):
        require_handler(case, by)
    words = said(reason)
    if into.is_closed or incident.pk == into.pk:
        raise WrongState
    if not fits(incident, into):
        raise CannotMerge
    require_decisions(incident)
    now = clock.now()
    incident.merged_into, incident.closed_at = into, now
    status = move(
        incident,
        IncidentState.CLOSED,
        by=by,
        at=now,
        reason=words,
        change=IncidentStatus.Change.MERGED,
        also=["merged_into", "closed_at"],
    )
    close_by(incident, by=by, now=now)
    note(into, IncidentStatus.Change.MERGED, by=by)
    notices.tell_reporter(status)
    return incident


def fits(incident: Incident, into: Incident) -> bool:
    """Tell whether the two are of one authority, and the merged one is kept from nobody who may see the other."""
    kept_from = set(incident.withheld.values_list("person_id", flat=True))
    also_from = set(into.withheld.values_list("person_id", flat=True))
    return kept_from <= also_from and bool(authorities_of(incident) & authorities_of(into))


def authorities_of(incident: Incident) -> set[int]:
    """Return the ids of the committee, board or company that the case's body belongs to."""
    own = {incident.body_id} if incident.body.is_authority else set[int]()
    above = BodyClosure.objects.filter(descendant=incident.body_id, ancestor__kind__in=AUTHORITIES)
    return own | set(above.values_list("ancestor_id", flat=True))


def _both_locked(incident: Incident, into: Incident) -> tuple[Incident, Incident]:
    """Lock the two in the order of their keys: whoever merges the other way round waits, and none for ever."""
    rows = Incident.objects.select_for_update(of=("self",)).select_related("body", "municipality")
    found = {case.pk: case for case in rows.filter(pk__in=(incident.pk, into.pk)).order_by("pk")}
    return found[incident.pk], found[into.pk]
