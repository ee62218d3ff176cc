"""How it went: what the workplace is told when a case has been closed, and taking it back."""

import re

from django.db import transaction

from incidents.errors import NamesSomebody, NotForTheWorkplace, OutcomeNotClosed, QuotesTheReport, WouldBeRecognised
from incidents.models import Identity, Incident, IncidentStatus, Narrative, Outcome
from incidents.services.locking import locked_for_handler, note, said
from organisation import clock
from organisation.errors import WrongState
from organisation.models import Appointment, User

# At a smaller workplace everybody knows whom it is about.
FEWEST = 5
# So many words in a row, taken from what was told, is a quotation.
QUOTED_WORDS = 6
# A part of a name that is shorter than this may be any word.
SHORTEST_NAME = 3
_WORD = re.compile(r"\w+")


@transaction.atomic
def publish_outcome(*, incident: Incident, text: str, nobody_recognised: bool, by: User) -> Outcome:
    """Tell those who work at the unit how the case went, in ``text``; a second time replaces the first.

    ``nobody_recognised``: the handler has made sure of it, which is asked where fewer than five people work.
    Raises ``NotAllowed``, ``OwnReport``, ``ReasonMissing``, ``OutcomeNotClosed`` (also for a merged case),
    ``NotForTheWorkplace`` for a case that is secret or kept from somebody, ``WouldBeRecognised``,
    ``NamesSomebody``, ``QuotesTheReport``.
    """
    incident = locked_for_handler(incident, by)
    words = said(text)
    if not incident.is_closed or incident.merged_into_id is not None:
        raise OutcomeNotClosed
    if not may_be_told(incident):
        raise NotForTheWorkplace
    if is_small_workplace(incident) and not nobody_recognised:
        raise WouldBeRecognised
    _refuse_what_was_told(incident, words)
    outcome, _created = Outcome.objects.update_or_create(
        incident=incident,
        defaults={
            "municipality": incident.municipality,
            "body": incident.body,
            "text": words,
            "by": by,
            "published_at": clock.now(),
        },
    )
    note(incident, IncidentStatus.Change.OUTCOME, by=by)
    return outcome


@transaction.atomic
def take_back_outcome(*, incident: Incident, by: User) -> Incident:
    """Remove what the workplace was told; raises ``NotAllowed``, ``OwnReport``, ``WrongState`` when there is none."""
    incident = locked_for_handler(incident, by)
    deleted, _by_model = Outcome.objects.filter(incident=incident).delete()
    if not deleted:
        raise WrongState
    note(incident, IncidentStatus.Change.OUTCOME_TAKEN_BACK, by=by)
    return incident


def may_be_told(incident: Incident) -> bool:
    """Tell whether a workplace may be told of the case: not when it is secret, or kept from somebody."""
    return not incident.secret and not incident.withheld.exists()


def is_small_workplace(incident: Incident) -> bool:
    """Tell whether fewer than five people hold a seat at the workplace today."""
    held = Appointment.objects.in_force(clock.today()).filter(seat__body=incident.body, person__is_active=True)
    return held.values("person").distinct()[:FEWEST].count() < FEWEST


def _refuse_what_was_told(incident: Incident, text: str) -> None:
    """Raise when the text names somebody concerned, or repeats what the reporter wrote."""
    words = _words(text)
    for identity in Identity.objects.filter(incident=incident).select_related("person"):
        name = f"{identity.person.name if identity.person else ''} {identity.name}"
        # With the s of a genitive, too.
        if any(part in words or f"{part}s" in words for part in _words(name) if len(part) >= SHORTEST_NAME):
            raise NamesSomebody
    here = _runs(words)
    for told in Narrative.objects.filter(incident=incident).values_list("text", flat=True):
        if here & _runs(_words(told)):
            raise QuotesTheReport


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    """Return every run of so many words as makes a quotation."""
    return {tuple(words[at : at + QUOTED_WORDS]) for at in range(len(words) - QUOTED_WORDS + 1)}
