"""Whom a document, a clause or a seat's rule names, in the municipality's own words."""

from collections.abc import Iterable, Mapping

from django.db.models import Count, Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.models import Body, Municipality, SeatType

BODY_KINDS: dict[str, Promise] = {
    "council": _("the council"),
    "board": _("the executive board"),
    "committee": _("the committees"),
    "working_committee": _("the working committees"),
    "crisis_committee": _("the crisis committee"),
    "joint_committee": _("the joint committees"),
    "company": _("the municipal companies"),
    "federation": _("the municipal federations"),
    "department": _("the departments"),
    "unit": _("the units"),
    "safety_unit": _("the safety unit"),
    "safety_group": _("the safety group"),
    "risk_group": _("the risk-management groups"),
    "crime_prevention_council": _("the crime-prevention council"),
    "crisis_support": _("the crisis support group"),
    "crisis_command": _("the crisis command"),
    "other_group": _("the groups"),
    "outside_party": _("parties outside the municipality"),
}


class Actors:
    """Local names of an actor's word: key of a body, key of a seat type, or a kind of body.

    Looks everything up at once: three queries, however many words are asked for afterwards.
    """

    def __init__(self, municipality: Municipality, words: Iterable[str]) -> None:
        asked = {word for word in words if word}
        bodies = Body.objects.filter(municipality=municipality)
        self._bodies = dict(bodies.filter(key__in=asked).values_list("key", "name"))
        titles = SeatType.objects.filter(municipality=municipality, key__in=asked)
        self._titles = dict(titles.values_list("key", "title"))
        open_now = bodies.in_force(clock.today()).filter(kind__in=asked).order_by().values_list("kind")
        # A kind of which there is one body, such as the council, is called by that body's name.
        self._only = {kind: name for kind, number, name in open_now.annotate(Count("pk"), Max("name")) if number == 1}
        self._words: Mapping[str, Mapping[str, str]] = municipality.words or {}

    def name(self, word: str) -> str:
        """The municipality's own name for ``word``; the word itself when nobody is called so."""
        if found := self._bodies.get(word) or self._titles.get(word) or self._only.get(word):
            return found
        local = self._words.get(word)
        if local and local.get("many"):
            return str(local["many"])
        return str(BODY_KINDS.get(word, word))

    def names(self, words: Iterable[str]) -> list[str]:
        """The names of several words, in their order, none twice."""
        return list(dict.fromkeys(self.name(word) for word in words))
