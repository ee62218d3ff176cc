"""Everything that the page and the PDF of a report show, put together from its stored figures alone."""

from datetime import date
from typing import Any

from django.utils.dates import MONTHS, MONTHS_3
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actionplans.models import VersionState
from followup import drawings, wording
from followup.figures.documents import ReviewState
from followup.models import Edition, Report

# Stored as ISO text under these names, read as dates.
DATES = frozenset({"in_force_from", "decided_on", "due_on", "since", "counted_on"})


def context(report: Report) -> dict[str, Any]:
    """Return what the report's templates need: ``figures`` by chapter, ``finding`` by chapter, drawings and words."""
    chapters = {chapter.key: _with_dates(chapter.figures) for chapter in report.chapters.all()}
    summary, year = report.summary or {}, report.year
    return {
        "report": report,
        "municipality": report.municipality,
        "is_demo": report.municipality.is_demo,
        "is_public": report.edition == Edition.PUBLIC,
        # As text: a number would be written "2 026" in Swedish.
        "year": str(year),
        "last_year": str(year - 1),
        "period": period_of(report),
        "summary": summary,
        "figures": chapters,
        "headline": wording.headline(summary, year),
        "sentences": wording.sentences(summary, year),
        "numbers": wording.numbers(summary, year),
        "decision": wording.proposed_decision(summary, year),
        "finding": _findings(chapters, year),
        "facts": facts_of(report),
        "documents": _documents(chapters["documents"]),
        "plans": _plans(chapters["plans"]),
        "areas": _areas(chapters["measures"]),
        "matrix": _matrix(chapters["risks"]["matrix"]),
        "ranking": wording.of_ranking(chapters["risks"]["persons_rank"]),
        "trend": drawings.columns([(each["year"], each["count"]) for each in chapters["incidents"]["trend"]]),
        "charts": charts_of(chapters["incidents"], year),
        "groups": _labelled(chapters["incidents"]["groups"], year),
        "kinds": _labelled(chapters["incidents"]["kinds"], year),
        "rates": rates_of(chapters["incidents"]),
        "months": _months(charts_of(chapters["incidents"], year), report),
        "costs": _costs(chapters["damage"]),
        "clauses": _clauses(chapters["goals"]["clauses"]),
        "serious": wording.shown(chapters["incidents"]["serious"]["now"]),
        "persons": wording.shown(chapters["incidents"]["persons"]["now"]),
    }


def period_of(report: Report) -> str:
    """Say which months the figures cover."""
    if report.covers_whole_year:
        return str(report.year)
    return _("%(year)s, January to %(month)s") % {"year": report.year, "month": MONTHS[report.cut_off.month]}


def facts_of(report: Report) -> list[tuple[str, Any]]:
    """Return the facts of the cover: for whom, up to when, which version."""
    return [
        (_("To"), _("The executive board")),
        (_("Figures up to and including"), date_format(report.cut_off, "j F Y")),
        (_("Version"), str(report.version)),
        (_("Edition"), str(report.get_edition_display()).capitalize()),
    ]


def charts_of(incidents: dict[str, Any], year: int) -> list[dict[str, Any]]:
    """Return the drawings of months with their findings, for ``month_charts``."""
    rows = {row["key"]: row for row in (*incidents["kinds"], {**incidents["total"], "key": "all"})}
    return [
        {
            "finding": wording.of_chart(chart["key"], rows[chart["key"]]["now"], rows[chart["key"]]["before"], year),
            "name": wording.label_of(chart["key"]),
            "now": chart["now"],
            "before": chart["before"],
        }
        for chart in incidents["charts"]
    ]


def rates_of(incidents: dict[str, Any]) -> dict[str, Any] | None:
    """Return incidents per 100 employees as rows of a table; none where no headcount of the year is known.

    A report that was made before headcounts were imported has none either.
    """
    stored = incidents.get("per_employees")
    if not stored or not (stored["rows"] or stored["total"]):
        return None
    rows = [*stored["rows"], *([stored["total"] | {"key": _("All together")}] if stored["total"] else [])]
    return {
        "counted_on": stored["counted_on"],
        "rows": [
            {
                "label": row["key"],
                "now": wording.rate(row["now"]),
                "before": wording.rate(row["before"]),
                "employees": wording.shown(row["employees"]),
            }
            for row in rows
        ],
    }


def _with_dates(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _with_dates(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_dates(each, name) for each in value]
    if name in DATES:
        return date.fromisoformat(value) if value else None
    return value


def _findings(chapters: dict[str, Any], year: int) -> dict[str, str]:
    return {
        "documents": wording.of_documents(chapters["documents"]),
        "organisation": wording.of_organisation(chapters["organisation"]),
        "plans": wording.of_plans(chapters["plans"]),
        "measures": wording.of_measures(chapters["measures"]),
        "risks": wording.of_risks(chapters["risks"], year),
        "incidents": wording.of_incidents(chapters["incidents"], year),
        "damage": wording.of_damage(chapters["damage"]),
        "goals": wording.of_goals(chapters["goals"]),
    }


def _documents(chapter: dict[str, Any]) -> list[dict[str, Any]]:
    words = {
        ReviewState.CURRENT: _("In force"),
        ReviewState.DUE: _("In force, due for review"),
        ReviewState.UNSAID: _("In force, no review set"),
        ReviewState.NOT_IN_FORCE: _("Not in force"),
    }
    return [
        row
        | {
            "state": words[row["state"]],
            "review": str(row["review_year"] or "–"),
            "section": _section(row["section"]),
        }
        for row in chapter["rows"]
    ]


def _plans(chapter: dict[str, Any]) -> list[dict[str, Any]]:
    words: dict[str, str] = {str(state.value): str(state.label) for state in VersionState}
    return [
        row
        | {
            "state": words.get(row["state"]) or _("No plan"),
            "quality": wording.percent(row["quality"]),
            "section": _section(row["section"]),
        }
        for row in chapter["rows"]
    ]


def _section(typed: str) -> str:
    """The § as it was typed; a bare number gets the sign that says what it is."""
    return f"§ {typed}" if typed[:1].isdigit() else typed


def _areas(chapter: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        row | {"name": row["name"] or _("Without an area"), "width": drawings.share(row["done"], row["all"])}
        for row in chapter["areas"]
    ]


def _matrix(stored: dict[str, Any] | None) -> dict[str, Any] | None:
    """The stored cells as rows of a table, the greatest likelihood first."""
    if stored is None:
        return None
    rows: dict[int, list[dict[str, Any]]] = {}
    for cell in stored["cells"]:
        rows.setdefault(cell["likelihood"], []).append(cell)
    return stored | {"rows": [(stored["likelihood"][step - 1], cells) for step, cells in rows.items()]}


def _clauses(rows: list[dict[str, Any]]) -> list[tuple[str, list[tuple[str, int]]]]:
    """Clauses counted by kind, gathered by document."""
    gathered: dict[str, list[tuple[str, int]]] = {}
    for row in rows:
        gathered.setdefault(row["document"], []).append((wording.clause_kind(row["kind"]), row["count"]))
    return list(gathered.items())


def _labelled(rows: list[dict[str, Any]], year: int) -> list[dict[str, str]]:
    return [
        {
            "key": row["key"],
            "label": wording.label_of(row["key"]),
            "now": wording.shown(row["now"]),
            "before": wording.shown(row["before"]),
            "change": wording.change(row["now"], row["before"], year),
        }
        for row in rows
    ]


def _months(charts: list[dict[str, Any]], report: Report) -> dict[str, Any]:
    """The drawings of months as a table: the months that have come, and a row per drawing and year."""
    rows = [
        {"label": f"{chart['name']} {year}", "counts": [wording.shown(count) for count in chart[side]]}
        for chart in charts
        for year, side in ((report.year, "now"), (report.year - 1, "before"))
    ]
    return {"names": [MONTHS_3[month] for month in range(1, report.cut_off.month + 1)], "rows": rows}


def _costs(chapter: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    def told(rows: list[dict[str, Any]], *, label: bool) -> list[dict[str, str]]:
        return [
            {
                "label": wording.label_of(row["key"]) if label else row["key"],
                "now": wording.kronor(row["now"]),
                "before": wording.kronor(row["before"]),
            }
            for row in rows
        ]

    return {
        "groups": told(chapter["groups"], label=True),
        "committees": told(chapter["committees"], label=False),
        "total": told([chapter["total"]], label=True),
    }
