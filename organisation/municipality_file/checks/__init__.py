"""What must hold between the entries of a file, beyond the form of each."""

from __future__ import annotations

from typing import Any

from organisation.municipality_file.checks.bodies import check_bodies
from organisation.municipality_file.checks.documents import check_documents
from organisation.municipality_file.checks.laws import check_laws
from organisation.municipality_file.checks.rules import check_dimensions, check_rulesets
from organisation.municipality_file.checks.scales import check_scales
from organisation.municipality_file.checks.seats import check_seat_types
from organisation.municipality_file.checks.sources import check_sources
from organisation.municipality_file.problems import Problems


def check_sections(sections: dict[str, Any], problems: Problems) -> None:
    """Check every section that could be read, also when another one is broken."""
    bodies = sections.get("bodies", ())
    seat_types = sections.get("seat_types", ())
    rulesets = sections.get("rulesets", ())
    dimensions = sections.get("dimensions", ())
    check_bodies(bodies, problems)
    check_seat_types(seat_types, bodies, rulesets, problems)
    check_rulesets(rulesets, problems)
    check_dimensions(dimensions, rulesets, problems)
    check_laws(sections.get("laws", ()), problems)
    check_scales(sections.get("scales", ()), problems)
    check_documents(sections.get("documents", ()), problems)
    check_sources(sections, problems)
