"""The archive package: what is kept of the cases leaves the portal before the rest is disposed of.

It holds open fields alone, as an index for people (CSV) and the same for machines (JSON): no text, no names.
"""

import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from incidents.models import DisposalItem, DisposalProposal, Incident, RetentionRule
from incidents.zip_parts import open_part
from organisation.export import csv_lines

# Open fields of a case, in the order of the index; a column that is not named here stays behind.
FIELDS = (
    "kind",
    "channel",
    "occurred_on",
    "occurred_at",
    "place",
    "event_channel",
    "affected",
    "other_party",
    "injury",
    "injury_degree",
    "injured_count",
    "absence_days",
    "police_report",
    "serious",
    "secret",
    "cost_ore",
    "reported_at",
    "became_aware_at",
    "first_answered_at",
    "closed_at",
)
BATCH = 500


@contextmanager
def archive_package(proposal: DisposalProposal) -> Iterator[IO[bytes]]:
    """Write the package of the cases that are to be disposed of, and hand it out to be read; gone afterwards."""
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
            with open_part(package, "proposal.json") as part:
                part.write(json.dumps(_told(proposal), ensure_ascii=False, indent=2).encode())
            with open_part(package, "index.csv") as part:
                for line in csv_lines(_headings(), map(_line, _items(proposal))):
                    part.write(line.encode())
            with open_part(package, "cases.jsonl") as part:
                for item in _items(proposal):
                    part.write(json.dumps(_case(item), ensure_ascii=False).encode() + b"\n")
        file.seek(0)
        yield file


def _items(proposal: DisposalProposal) -> Iterator[DisposalItem]:
    rows = proposal.items.filter(kept_reason="").select_related("incident__body", "rule__decided_by")
    yield from rows.order_by("closed_on", "pk").iterator(chunk_size=BATCH)


def _told(proposal: DisposalProposal) -> dict[str, Any]:
    return {
        "municipality": proposal.municipality.full_name,
        "body": proposal.body.name,
        "year": proposal.year,
        "approved_by": proposal.get_approver_display(),
        "decided_on": proposal.decided_on.isoformat() if proposal.decided_on else None,
        "paragraph": proposal.paragraph,
        "registry_number": proposal.registry_number,
        "cases": proposal.items.filter(kept_reason="").count(),
    }


def _case(item: DisposalItem) -> dict[str, Any]:
    """Return the open fields of one case, by their names in the portal."""
    case = item.incident
    return {
        "number": item.label,
        "body": case.body.name,
        "closed_on": item.closed_on.isoformat(),
        "rule": cited(item.rule),
    } | {name: _plain(getattr(case, name)) for name in FIELDS}


def _line(item: DisposalItem) -> list[Any]:
    case = item.incident
    return [item.label, case.body.name, item.closed_on, cited(item.rule), *(_shown(case, name) for name in FIELDS)]


def _headings() -> list[str]:
    # By their names in the portal, which the documentation explains and which never change with the language.
    return [_("Number"), _("Workplace"), _("Closed"), _("Rule"), *FIELDS]


def cited(rule: RetentionRule, *, on_page: bool = False) -> str:
    """Return the disposal decision that a rule rests on: body, day, § and registry number.

    The day stands as 2012-03-19, which machines read too; ``on_page`` as it is said.
    """
    words = {
        "body": rule.decided_by.name,
        "day": date_format(rule.decided_on, "DATE_FORMAT") if on_page else rule.decided_on.isoformat(),
        "paragraph": rule.paragraph,
        "number": rule.registry_number,
    }
    if rule.registry_number:
        return _("%(body)s %(day)s, § %(paragraph)s, %(number)s") % words
    return _("%(body)s %(day)s, § %(paragraph)s") % words


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _shown(case: Incident, name: str) -> Any:
    choices: Any = getattr(case, f"get_{name}_display", None)
    return choices() if choices else _plain(getattr(case, name))
