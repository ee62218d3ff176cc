"""A municipality that is loaded from its file has the packaged rules from its first day."""

from collections.abc import Collection

from incidents.clocks.rules import ensure_rules
from organisation.loading import LoaderPart
from organisation.models import Municipality


def _follow(municipality: Municipality, changed: Collection[str]) -> None:
    # The same file again writes nothing, and asks nothing; rules that are lacking come when they are first needed.
    if changed:
        ensure_rules(municipality)


# The file itself says nothing of clock rules: they have a file of their own.
PART = LoaderPart(floor=3, nouns=(), follow=_follow)
