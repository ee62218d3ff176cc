"""What the paper says: the chart, and every seat with who holds it or who answers meanwhile; plain, to be stored."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation.chart.page import ChartReading
from organisation.chart.sheets import ON_PAPER, on_sheets
from organisation.map.branches import ResponsibilityMap
from organisation.map.drawing import BodyNode, SeatCard
from organisation.models import Body, BodyKind, Municipality
from organisation.pages.vacancies import Asked, counted

# A list of more bodies nobody reads on paper; the portal has them all.
MOST_LISTED = 150
MOST_ROWS = 600


def content_of(municipality: Municipality, on: date) -> dict[str, Any]:
    """Return the content of the paper of the day ``on``, in the active language."""
    chart = ChartReading(municipality, on)
    bodies = Body.objects.of(municipality).in_force(on).count()
    without_units = bodies > MOST_LISTED
    nodes = ResponsibilityMap(municipality, on).listed(without=(BodyKind.UNIT,) if without_units else ())
    listed = list(_by_authority(nodes, on))
    authorities, is_cut = _cut([one for one in listed if _has_seats(one)])
    number, oldest = counted(Asked(municipality, on).rows())
    return {
        "title": _("Organisation and who answers"),
        "meta": date_format(on, "j F Y"),
        "finding": chart.finding,
        "sheets": on_sheets(chart.bands(ON_PAPER)),
        "vacancies": _vacancies(number, (on - oldest).days if oldest else None),
        "note": _note(without_units, is_cut),
        "authorities": authorities,
        "seatless": ", ".join(one["name"] for one in listed if not _has_seats(one)),
    }


def _by_authority(nodes: Sequence[BodyNode], on: date) -> Iterator[dict[str, Any]]:
    """Yield each authority, and whatever stands under none, with its seats and the bodies below it in order."""
    for node in nodes:
        own = [child for child in node.children if not child.is_authority]
        yield _plain(node, on) | {"bodies": list(_below(own, on))}
        yield from _by_authority([child for child in _all(node) if child.is_authority], on)


def _all(node: BodyNode) -> Iterator[BodyNode]:
    """Yield the nearest authorities below the node, wherever they stand."""
    for child in node.children:
        if child.is_authority:
            yield child
        else:
            yield from _all(child)


def _below(nodes: Sequence[BodyNode], on: date) -> Iterator[dict[str, Any]]:
    for node in nodes:
        yield _plain(node, on)
        yield from _below([child for child in node.children if not child.is_authority], on)


def _plain(node: BodyNode, on: date) -> dict[str, Any]:
    return {"name": node.name, "kind": node.kind, "seats": [_seat(card, on) for card in node.seats]}


def _seat(card: SeatCard, on: date) -> dict[str, Any]:
    """Return the card as it is printed: a vacancy by its first day too, for whoever reads the paper later."""
    said = {key: value for key, value in asdict(card).items() if key != "url"}
    since = "" if card.days is None else date_format(on - timedelta(days=card.days), "j F Y")
    return said | {"since": since}


def _has_seats(authority: dict[str, Any]) -> bool:
    return bool(authority["seats"] or any(body["seats"] for body in authority["bodies"]))


def _cut(authorities: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
    """Return every authority with as many of its bodies as there are rows for, and whether any were left out."""
    rows = sum(1 + len(authority["seats"]) for authority in authorities)
    cut = []
    for authority in authorities:
        bodies = authority["bodies"]
        ends = list(accumulate((1 + len(body["seats"]) for body in bodies), initial=rows))
        kept = sum(end <= MOST_ROWS for end in ends[1:])
        rows = ends[kept]
        cut.append(authority | {"bodies": bodies[:kept], "left_out": len(bodies) - kept})
    return cut, any(authority["left_out"] for authority in cut)


def _note(without_units: bool, is_cut: bool) -> str:
    """Return what the paper leaves out, in words; nothing when it says all."""
    said = []
    if without_units:
        said.append(_("The municipality is large: units are counted in the chart and not listed here."))
    if is_cut:
        said.append(_("The list is cut. All of it stands in the portal, under Who answers."))
    return " ".join(said)


def _vacancies(number: int, days: int | None) -> str:
    if not number:
        return _("Every seat that must be held has a holder")
    if days is None:
        return ngettext("%(number)s seat is vacant", "%(number)s seats are vacant", number) % {"number": number}
    return ngettext(
        "%(number)s seat is vacant, for %(days)s days",
        "%(number)s seats are vacant, the oldest for %(days)s days",
        number,
    ) % {"number": number, "days": days}
