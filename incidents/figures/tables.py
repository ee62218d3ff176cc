"""The figures as tables: the same rows stand on the page and in the files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.figures.asked import Asked
from incidents.figures.groups import GROUPS, label_of
from incidents.figures.showing import PUNCTUAL, Figures
from incidents.models import Affected, Consequence
from organisation.figure_words import HIDDEN, kronor, shown

ORE = 100


@dataclass(frozen=True)
class Row:
    """One row: its name, its figures in the order of the table's columns, and the list behind the first of them."""

    label: str
    counts: list[int | None]
    url: str = ""
    # A part of the row above it.
    is_part: bool = False
    is_money: bool = False

    @property
    def words(self) -> list[str]:
        """The figures as they are read."""
        return [kronor(count) if self.is_money else shown(count) for count in self.counts]

    @property
    def cells(self) -> list[Any]:
        """The figures as a spreadsheet takes them: numbers, whole kronor, and the sign for what is hidden."""
        unit = ORE if self.is_money else 1
        return [HIDDEN if count is None else round(count / unit) for count in self.counts]


@dataclass(frozen=True)
class Table:
    """One table: its name, what its rows are, the names of its columns, and its rows."""

    key: str
    title: str
    of: str
    columns: list[str]
    rows: list[Row] = field(default_factory=list)


def tables(figures: Figures, asked: Asked) -> list[Table]:
    """Return the tables that have something to say, in the order of the page."""
    found = (
        _kinds(figures, asked),
        _bodies(figures, asked),
        _affected(figures, asked),
        _near_misses(figures, asked),
        _answers(figures, asked),
        _notices(figures),
        _consequences(figures),
        _costs(figures, asked),
    )
    return [table for table in found if table.rows]


def lines(found: list[Table], months: Table) -> Iterator[list[Any]]:
    """Yield a line per figure: table, row, column, figure."""
    for table in (months, *found):
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                yield [table.title, row.label, column, cell]


def header() -> list[str]:
    """Return the names of the columns of ``lines``."""
    return [_("Table"), _("Row"), _("Column"), _("Figure")]


def list_url(asked: Asked, **wanted: Any) -> str:
    """Return the address of the cases behind a figure, for those who may see them all; else nothing."""
    if not asked.sees_all:
        return ""
    query = {"state": "all", "year": asked.year}
    if asked.body is not None:
        query["body"] = asked.body.public_id
    if asked.kind:
        query["kind"] = asked.kind
    return f"{reverse('incidents:inbox')}?{urlencode(query | wanted)}"


def _years(asked: Asked) -> list[str]:
    return [str(asked.year), str(asked.year - 1)]


def _kinds(figures: Figures, asked: Asked) -> Table:
    now, before = figures.now, figures.before
    rows: list[Row] = []
    for group, kinds in GROUPS.items():
        parts = [
            Row(str(kind.label), [now.kinds[kind], before.kinds[kind]], list_url(asked, kind=kind.value))
            for kind in kinds
            if (now.kinds[kind], before.kinds[kind]) != (0, 0)
        ]
        whole = Row(label_of(group), [now.groups[group], before.groups[group]])
        # A group that one kind alone makes up says nothing more than that kind.
        if parts and (len(parts) > 1 or parts[0].counts != whole.counts):
            rows += [whole, *(replace(part, is_part=True) for part in parts)]
        else:
            rows += parts
    if rows:
        rows.append(Row(_("All incidents"), [now.total, before.total], list_url(asked)))
    return Table("kinds", _("By kind"), _("Kind"), _years(asked), rows)


def _bodies(figures: Figures, asked: Asked) -> Table:
    rows = [
        Row(
            name or _("Other"),
            _both(figures.now.bodies, figures.before.bodies, public_id),
            list_url(asked, body=public_id) if public_id else "",
        )
        for public_id, name in figures.body_names.items()
    ]
    return Table(
        "bodies", _("By committee or unit"), _("Committee or unit"), _years(asked), rows if len(rows) > 1 else []
    )


def _affected(figures: Figures, asked: Asked) -> Table:
    labels = {value: str(label) for value, label in Affected.choices} | {"": _("Not asked")}
    now, before = figures.now.affected, figures.before.affected
    rows = [Row(label, _both(now, before, value)) for value, label in labels.items() if value in now or value in before]
    return Table("affected", _("By affected group"), _("Affected"), _years(asked), rows)


def _both(now: Mapping[str, int | None], before: Mapping[str, int | None], key: str) -> list[int | None]:
    return [now.get(key, 0), before.get(key, 0)]


def _near_misses(figures: Figures, asked: Asked) -> Table:
    now, before = figures.now, figures.before
    rows = [
        Row(
            _("Near misses"),
            [now.kinds["near_miss"], before.kinds["near_miss"]],
            list_url(asked, kind="near_miss"),
        ),
        Row(_("Events with an injury"), [now.injured, before.injured]),
    ]
    return Table("near_misses", _("Near misses and injuries"), _("What"), _years(asked), rows)


def _answers(figures: Figures, asked: Asked) -> Table:
    now, before = figures.now, figures.before
    rows = [
        Row(_("Answered"), [now.answered, before.answered]),
        Row(_("Had to be answered by now"), [now.due, before.due]),
        Row(_("Answered in time"), [now.in_time, before.in_time]),
    ]
    beside = (
        Row(_("Came from another system"), [now.imported, before.imported]),
        Row(_("Disposed of, and only counted"), [now.disposed, before.disposed]),
    )
    rows += [row for row in beside if row.counts != [0, 0]]
    return Table("answers", _("Answers to those who reported"), _("What"), _years(asked), rows)


def _notices(figures: Figures) -> Table:
    columns = [_("In time"), _("Notified late"), _("Not notified in time")]
    rows = [
        Row(title, [counts[name] for name in PUNCTUAL])
        for title, counts in sorted(figures.notices.items())
        if any(counts.values())
    ]
    if any(count != 0 for count in figures.punctuality.values()):
        rows.append(Row(_("All duties to notify"), [figures.punctuality[name] for name in PUNCTUAL]))
    return Table("notices", _("Notified to authorities"), _("Duty"), columns, rows)


def _consequences(figures: Figures) -> Table:
    levels, title, of = list(Consequence.Level), _("Consequences by dimension"), _("Dimension")
    if figures.levels:
        rows = [
            Row(name, [counts.get(str(level.value), 0) for level in levels])
            for name, counts in sorted(figures.levels.items())
        ]
        return Table("consequences", title, of, [str(level.label) for level in levels], rows)
    rows = [Row(name, [count]) for name, count in sorted(figures.dimensions.items())]
    return Table("consequences", title, of, [_("Cases")], rows)


def _costs(figures: Figures, asked: Asked) -> Table:
    now, before = figures.now, figures.before
    rows = [
        Row(label_of(group), [now.costs[group], before.costs[group]], is_money=True)
        for group in GROUPS
        if (now.costs[group], before.costs[group]) != (0, 0)
    ]
    if rows:
        rows.append(Row(_("All together"), [now.cost, before.cost], is_money=True))
    return Table("costs", _("Stated costs"), _("Kind"), _years(asked), rows)
