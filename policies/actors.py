"""Whom a document or a clause is about, in the municipality's own words."""

from collections.abc import Iterable, Mapping

from django.db.models import Count, Max

from organisation.models import Body, Municipality, SeatType
from policies.wording import BODY_KINDS


class Actors:
    """Local names of the words of ``applies_to``: key of a body, key of a seat type, or a kind of body.

    Looks everything up at once: three queries, however many words are asked for afterwards.
    """

    def __init__(self, municipality: Municipality, words: Iterable[str]) -> None:
        asked = {word for word in words if word}
        bodies = Body.objects.filter(municipality=municipality)
        self._bodies = dict(bodies.filter(key__in=asked).values_list("key", "name"))
        titles = SeatType.objects.filter(municipality=municipality, key__in=asked)
        self._titles = dict(titles.values_list("key", "title"))
        open_now = bodies.filter(kind__in=asked, valid_to=None).order_by().values_list("kind")
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
