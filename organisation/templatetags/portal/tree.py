"""The responsibility map."""

from collections.abc import Iterable
from typing import Any

from organisation.templatetags.portal.library import read, register

DEEPEST_HEADING = 6


def _branch(nodes: Iterable[Any], heading: int) -> list[dict[str, Any]]:
    return [
        {
            "name": read(node, "name"),
            "url": read(node, "url", ""),
            "kind": read(node, "kind", ""),
            "seats": read(node, "seats", ()),
            "below": read(node, "below"),
            "heading": f"h{min(heading, DEEPEST_HEADING)}",
            "next_level": min(heading + 1, DEEPEST_HEADING),
            "children": _branch(read(node, "children", ()) or (), heading + 1),
        }
        for node in nodes
    ]


@register.inclusion_tag("components/body_tree.html")
def body_tree(nodes: Iterable[Any], *, heading: int = 2) -> dict[str, Any]:
    """Bodies in a nested list, a card for each seat, vacant ones marked with their age and who answers.

    A node has name, url?, kind?, seats?, children?, below? (bodies, vacant, url: what is not drawn, folded out when
    asked for); a seat title, url?, holder?, detail?, vacant?, days?, answers?. The first level's names are headings of
    level ``heading``.
    """
    return {"nodes": _branch(nodes, heading)}


@register.inclusion_tag("components/seat.html")
def seat(card: Any) -> dict[str, Any]:
    """One seat's card."""
    return {"seat": card}
