"""Files that belong to a case: added by its reporter or its handlers, read by those who may read its text."""

from django.db import transaction

from attachments.services import CheckedFile, FileRefused, Upload, check_upload, keep_file
from incidents import handler_mail
from incidents.errors import FileNotTaken, TooManyFiles
from incidents.line import those_who_coordinate
from incidents.models import CaseAttachment, Incident, IncidentState, IncidentStatus
from incidents.services.locking import locked, note, require_handler
from organisation import clock
from organisation.errors import NotAllowed, WrongState
from organisation.models import User

# Of one case. Enough for a series of pictures, and an end for whoever would fill the disk.
MOST_FILES = 20


def attach_file(*, incident: Incident, upload: Upload, by: User | None, from_reporter: bool) -> CaseAttachment:
    """Add a file to the case; the same file sent again is the one that is there already.

    ``by`` is none for a reporter who came by the code of the report, which the caller has checked. A reporter adds
    also to a closed case; a handler takes it up again first. Raises ``FileNotTaken`` with words for the sender,
    ``TooManyFiles``, ``NotAllowed``, ``OwnReport``, ``WrongState``.
    """
    _require(incident, by, from_reporter)
    try:
        # Before the case is locked: a large picture takes a second.
        checked = check_upload(upload)
    except FileRefused as refusal:
        raise FileNotTaken(refusal.message) from refusal
    return _attach(incident, checked, by, from_reporter)


@transaction.atomic
def _attach(incident: Incident, checked: CheckedFile, by: User | None, from_reporter: bool) -> CaseAttachment:
    incident = locked(incident)
    _require(incident, by, from_reporter)
    if incident.disposed_at or (incident.is_closed and not from_reporter):
        raise WrongState
    there = incident.attachments.filter(attachment__digest=checked.digest).select_related("attachment").first()
    if there is not None:
        return there
    if incident.attachments.count() >= MOST_FILES:
        raise TooManyFiles(MOST_FILES)
    # The reporter's name stands in ``Identity`` alone.
    adder = None if from_reporter else by
    file = incident.attachments.create(
        attachment=keep_file(municipality=incident.municipality, checked=checked),
        from_reporter=from_reporter,
        by=adder,
        at=clock.now(),
    )
    note(incident, IncidentStatus.Change.ATTACHED, by=adder)
    if from_reporter and incident.state != IncidentState.NEW:
        _tell_handler(incident)
    return file


def _tell_handler(incident: Incident) -> None:
    """Tell the one who has the case, if it was opened before the file came; else it is seen with all the rest."""
    given = incident.assignments.select_related("person").filter(ended_at__isnull=True).first()
    for person in [given.person] if given else those_who_coordinate(incident):
        handler_mail.tell_file(incident, person)


def _require(incident: Incident, by: User | None, from_reporter: bool) -> None:
    if not from_reporter:
        if by is None:
            raise NotAllowed
        require_handler(incident, by)
    elif by is not None and not incident.is_reported_by(by):
        raise NotAllowed
