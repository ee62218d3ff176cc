"""Where bodies stand, in words: what tells two units of the same name apart."""

from collections.abc import Collection
from datetime import date

from django.utils.text import capfirst

from organisation.models import AUTHORITIES, Body
from organisation.tree import lineage


def standing_of(bodies: Collection[Body], on: date) -> dict[int, str]:
    """Return body id → "Unit, Care department, Care committee": its kind, and all above it up to its authority.

    As the tree stands on the day ``on``, under today's names; two queries, however many bodies.
    """
    above = lineage([body.pk for body in bodies], on)
    known = {body.pk: body for body in Body.objects.filter(pk__in=set(above.values()))}
    return {body.pk: _in_words(body, above, known, on) for body in bodies}


def _in_words(body: Body, above: dict[int, int], known: dict[int, Body], on: date) -> str:
    words = [capfirst(str(body.get_kind_display()))]
    at, seen = body, {body.pk}
    while at.kind not in AUTHORITIES or at.is_closed(on):
        parent = known.get(above.get(at.pk, 0))
        if parent is None or parent.pk in seen:
            break
        seen.add(parent.pk)
        words.append(parent.name)
        at = parent
    return ", ".join(words)
