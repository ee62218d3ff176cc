"""Components of PDFs; their sheet is print.css and their base ``print/base.html``."""

from collections.abc import Iterable, Sequence
from typing import Any

from organisation.templatetags.portal.library import register

POLES = 13
NEARER = 0.86


def _poles() -> list[dict[str, str]]:
    """Return the poles of the cover, nearest first; each is smaller, closer to the next and fainter."""
    poles = []
    left, scale = 46.0, 1.0
    for place in range(POLES):
        height, width = 330 * scale, 14 * scale
        # All poles stand on a line that rises to the horizon, a third from the drawing's foot.
        top = 225 - 220 * scale
        poles.append(
            {
                "x": f"{left:.1f}",
                "y": f"{top:.1f}",
                "width": f"{width:.1f}",
                "height": f"{height:.1f}",
                "opacity": f"{max(0.28, 1 - 0.06 * place):.2f}",
                "band_y": f"{top + height * 0.12:.1f}",
                "band_height": f"{height * 0.16:.1f}",
                "band_opacity": f"{max(0.4, 1 - 0.05 * place):.2f}",
            }
        )
        left += 92 * scale
        scale *= NEARER
    return poles


@register.inclusion_tag("print/cover.html")
def print_cover(*, title: str, organisation: str, facts: Iterable[Any] = (), demo: bool = False) -> dict[str, Any]:
    """The full-bleed cover: organisation, poles, title and the facts of the document as (term, value)."""
    return {"title": title, "organisation": organisation, "facts": facts, "demo": demo, "poles": _poles()}


@register.inclusion_tag("print/paper_head.html")
def paper_head(*, title: str, organisation: str, meta: str = "", demo: bool = False) -> dict[str, Any]:
    """The head of a paper without a cover."""
    return {"title": title, "organisation": organisation, "meta": meta, "demo": demo}


@register.inclusion_tag("print/figures.html")
def print_figures(items: Iterable[Any]) -> dict[str, Any]:
    """Three to five numbers in a row: value, label, change?."""
    return {"items": items}


@register.inclusion_tag("print/decision.html")
def print_decision(points: Sequence[str], *, heading: str = "") -> dict[str, Any]:
    """The proposed decision, the only box of a paper."""
    return {"points": points, "heading": heading}


@register.inclusion_tag("print/facts.html")
def print_facts(facts: Iterable[Any]) -> dict[str, Any]:
    """(term, value) pairs under each other."""
    return {"facts": facts}


@register.inclusion_tag("print/levels.html")
def print_levels(bands: Iterable[Any]) -> dict[str, Any]:
    """The key to a matrix: the levels of the scale, worst first."""
    return {"bands": bands}
