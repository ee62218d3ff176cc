"""Which of the counts this person may be shown: what they can't see themselves must be at least five, or nothing.

Several divisions of the same total stand beside each other and are never crossed, since the margins of such a table
would give its small cells away; whoever sees every case is shown everything. See ``organisation.suppression``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from incidents.figures.counting import Counted, Halves, Year
from incidents.figures.groups import GROUPS
from organisation.suppression import Counts, Part, division, is_small, one_of, published

ALL = "all"
MONTHS = tuple(str(month) for month in range(1, 13))
PUNCTUAL = ("in_time", "late", "overdue")


@dataclass(frozen=True)
class YearShown:
    """One year as it may be shown: counts by name, none where one must not be; amounts in öre.

    ``months_of_group`` is for those who see every case. ``due`` is how many had to be answered by now.
    """

    total: int | None
    groups: Counts
    kinds: Counts
    months: Counts
    months_of_group: dict[str, Counts]
    affected: Counts
    bodies: Counts
    injured: int | None
    imported: int | None
    disposed: int | None
    answered: int | None
    in_time: int | None
    due: int | None
    cost: int | None
    costs: Counts


@dataclass(frozen=True)
class Figures:
    """Everything that the person is shown; a median is none where too few have been answered to tell it."""

    now: YearShown
    before: YearShown
    body_names: dict[str, str]
    median_wait: timedelta | None
    # How many duties to notify there were by now, and rule → in time, late, overdue for those who see every case.
    punctuality: Counts
    notices: dict[str, Counts]
    # Dimension → level → cases, for those who see every case; else dimension → cases.
    levels: dict[str, Counts]
    dimensions: Counts


def shown(counted: Counted, *, sees_all: bool) -> Figures:
    """Return what may be shown of everything that was counted."""
    answered = counted.now.marks.unseen["answered"]
    total = counted.now.kinds.unseen.total()
    of_dimensions = {name: (halves.unseen.total(), halves.seen.total()) for name, halves in counted.dimensions.items()}
    return Figures(
        now=year_shown(counted.now, sees_all=sees_all),
        before=year_shown(counted.before, sees_all=sees_all),
        body_names=counted.body_names,
        median_wait=None if is_small(answered) else counted.median_wait,
        punctuality=_punctuality(counted.notices.values()),
        notices={title: divided(halves, PUNCTUAL) for title, halves in counted.notices.items()} if sees_all else {},
        levels={name: divided(halves) for name, halves in counted.dimensions.items()} if sees_all else {},
        dimensions={
            name: _together(one_of(unseen, total, public=True), seen) for name, (unseen, seen) in of_dimensions.items()
        },
    )


def year_shown(year: Year, *, sees_all: bool) -> YearShown:
    """Return what may be shown of one year."""
    kinds = _kinds(year.kinds)
    by_group = {group: divided(year.months_of_group[group], MONTHS) for group in GROUPS} if sees_all else {}
    return YearShown(
        total=kinds[ALL],
        groups={group: kinds[f"{ALL}:{group}"] for group in GROUPS},
        kinds={kind: kinds[kind] for group in GROUPS.values() for kind in group},
        months=divided(year.months, MONTHS),
        months_of_group=by_group,
        affected=divided(year.affected),
        bodies=divided(year.bodies),
        injured=_some_of(year, "injured"),
        imported=_some_of(year, "imported"),
        disposed=_some_of(year, "disposed"),
        answered=_some_of(year, "answered"),
        in_time=_in_time(year),
        due=_some_of(year, "due"),
        cost=None if is_small(year.costed.unseen.total()) else year.costs.seen.total() + year.costs.unseen.total(),
        costs=_costs(year),
    )


def divided(halves: Halves, names: Iterable[str] = ()) -> Counts:
    """Return name → count of one division of a total, none where the half that is not seen is too small."""
    keys = list(dict.fromkeys((*names, *halves.names())))
    hidden = published(division(ALL, {name: halves.unseen[name] for name in keys}), public=True)
    return {name: _together(hidden[f"{ALL}:{name}"], halves.seen[name]) for name in keys}


def _together(unseen: int | None, seen: int) -> int | None:
    return None if unseen is None else unseen + seen


def _kinds(halves: Halves) -> Counts:
    """Return the total, each group (``all:group``) and each kind."""
    seen = dict(halves.seen)
    groups = []
    for group, kinds in GROUPS.items():
        parts = [Part(kind.value, halves.unseen[kind.value]) for kind in kinds]
        groups.append(Part(f"{ALL}:{group}", sum(part.count for part in parts), parts))
        seen[f"{ALL}:{group}"] = sum(halves.seen[kind.value] for kind in kinds)
    seen[ALL] = halves.seen.total()
    hidden = published(Part(ALL, halves.unseen.total(), groups), public=True)
    return {key: _together(count, seen.get(key, 0)) for key, count in hidden.items()}


def _some_of(year: Year, mark: str) -> int | None:
    """Return how many cases something holds for; none when that or the remainder is small."""
    unseen = one_of(year.marks.unseen[mark], year.kinds.unseen.total(), public=True)
    return _together(unseen, year.marks.seen[mark])


def _in_time(year: Year) -> int | None:
    marks = year.marks
    if one_of(marks.unseen["due"], year.kinds.unseen.total(), public=True) is None:
        return None
    return _together(one_of(marks.unseen["in_time"], marks.unseen["due"], public=True), marks.seen["in_time"])


def _costs(year: Year) -> Counts:
    """Return group → stated costs, none where the count of cases behind it must not be shown."""
    may = divided(year.costed, GROUPS)
    return {
        group: None if may[group] is None else year.costs.seen[group] + year.costs.unseen[group] for group in GROUPS
    }


def _punctuality(notices: Iterable[Halves]) -> Counts:
    every = Halves()
    for halves in notices:
        every.seen.update(halves.seen)
        every.unseen.update(halves.unseen)
    return divided(every, PUNCTUAL)
