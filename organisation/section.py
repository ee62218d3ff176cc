"""The pages of the organisation's section, in one row above each of them, for those who may see them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation import permissions
from organisation.access import Scope


@dataclass(frozen=True)
class Entry:
    """One page of the section: its name, its URL's name, and the permission that it takes."""

    label: str | Promise
    url_name: str
    permission: str


ENTRIES = (
    Entry(_("Who answers"), "map", permissions.VIEW_BODY),
    Entry(_("Vacancies"), "vacancies", permissions.VIEW_BODY),
    Entry(_("Safety representatives"), "representatives", permissions.VIEW_BODY),
    Entry(_("Chart"), "chart", permissions.VIEW_BODY),
    Entry(_("Find who answers"), "who", permissions.VIEW_BODY),
    Entry(_("Groups"), "groups", permissions.VIEW_GROUP),
    Entry(_("Matters between chairs"), "matters", permissions.VIEW_MATTER),
    Entry(_("Oversight"), "oversight", permissions.OVERSEE),
    Entry(_("Tree"), "tree", permissions.VIEW_BODY),
    Entry(_("Changes"), "changes", permissions.ADMINISTER),
    Entry(_("Seat types"), "seat_types", permissions.ADMINISTER),
    Entry(_("Shared one by one"), "grants", permissions.ADMINISTER),
    Entry(_("Administer"), "administer", permissions.ADMINISTER),
)


def section_links(scope: Scope, current: str) -> list[dict[str, object]]:
    """Return the section's links for one person, the one named ``current`` marked."""
    return [
        {
            "label": entry.label,
            "url": reverse(f"organisation:{entry.url_name}"),
            "current": entry.url_name == current,
        }
        for entry in ENTRIES
        if scope.holds(entry.permission)
    ]
