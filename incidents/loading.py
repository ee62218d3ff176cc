"""A municipality that is loaded from its file asks the portal's own questions until it has loaded sets of its own."""

from collections.abc import Collection

from incidents.catalogue import packaged_sets
from incidents.services import load_question_sets
from organisation.loading import LoaderPart
from organisation.models import Municipality


def _follow(municipality: Municipality, changed: Collection[str]) -> None:
    # Of a file that has changed nothing there is nothing to follow.
    if changed:
        load_question_sets(municipality=municipality, sets=packaged_sets().values(), only_missing=True)


# The file itself says nothing of questions: each kind of event has a file of its own.
QUESTIONS = LoaderPart(floor=3, nouns=(), follow=_follow)
