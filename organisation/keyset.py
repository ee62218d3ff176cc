"""Pages of a list by keyset: the next page starts after the last row shown, whatever the row's number.

The cursor is the ordering values of one row, signed, so that nobody can probe rows by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import HttpRequest

RowT = TypeVar("RowT", bound=Model)

PAGE_SIZE = 25
MOST_COUNTED = 10_000
_SALT = "organisation.keyset"


@dataclass(frozen=True)
class Page(Generic[RowT]):
    """One page: its rows, and the cursors of the pages around it (none: there is none)."""

    rows: list[RowT]
    older_cursor: str | None
    newer_cursor: str | None

    @property
    def is_part(self) -> bool:
        """Whether there are rows before or after these."""
        return bool(self.older_cursor or self.newer_cursor)


def keyset_page(
    queryset: "QuerySet[RowT]", *, order: Sequence[str], cursor: str | None = None, size: int = PAGE_SIZE
) -> "Page[RowT]":
    """Return one page of ``queryset`` in ``order`` ("-" before a field: descending; the last field unique).

    Ordering fields must not be null. A cursor that is not ours, or of another order, gives the first page.
    """
    backwards, after = _read(cursor, order)
    run = [_reverse(name) for name in order] if backwards else list(order)
    rows = queryset.order_by(*run)
    if after is not None:
        rows = rows.filter(_beyond(run, after))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_older = more if not backwards else after is not None
    has_newer = after is not None if not backwards else more
    return Page(
        rows=found,
        older_cursor=_write(found[-1], order, backwards=False) if found and has_older else None,
        newer_cursor=_write(found[0], order, backwards=True) if found and has_newer else None,
    )


def steps_around(request: HttpRequest, page: "Page[Any]") -> dict[str, str]:
    """Return ``newer_url`` and ``older_url``: this address with its filter kept, one page on ("": there is none)."""
    return {
        "newer_url": _address(request, page.newer_cursor),
        "older_url": _address(request, page.older_cursor),
    }


def _address(request: HttpRequest, cursor: str | None) -> str:
    if cursor is None:
        return ""
    query = request.GET.copy()
    query["page"] = cursor
    return f"?{query.urlencode()}"


def bounded_count(queryset: QuerySet[Any]) -> tuple[int, bool]:
    """Return (count, exact): exact below 10,000, else 10,000 and false; never reads further."""
    counted = queryset.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return min(counted, MOST_COUNTED), counted <= MOST_COUNTED


def _reverse(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], after: Sequence[Any]) -> Any:
    """Return the condition for rows that come after the values ``after`` in ``order``.

    Where all fields run the same way, rows are compared whole: an index in that order then begins at the right place,
    however deep it lies. Else only its first field does, and what lies before is read and left out.
    """
    names = [name.removeprefix("-") for name in order]
    falling = [name.startswith("-") for name in order]
    if len(set(falling)) == 1:
        beyond = TupleLessThan if falling[0] else TupleGreaterThan
        return beyond(Tuple(*map(F, names)), tuple(after))
    condition, equal = Q(pk__in=()), Q()
    for name, value, falls in zip(names, after, falling, strict=True):
        condition |= equal & Q(**{f"{name}__{'lt' if falls else 'gt'}": value})
        equal &= Q(**{name: value})
    return Q(**{f"{names[0]}__{'lte' if falling[0] else 'gte'}": after[0]}) & condition


def _write(row: Model, order: Sequence[str], *, backwards: bool) -> str:
    values = []
    for name in order:
        value: Any = row
        for part in name.removeprefix("-").split("__"):
            value = getattr(value, part)
        values.append(value if isinstance(value, bool | int | float | str) else value.isoformat())
    return signing.dumps([int(backwards), list(order), values], salt=_SALT)


def _read(cursor: str | None, order: Sequence[str]) -> tuple[bool, list[Any] | None]:
    if not cursor:
        return False, None
    try:
        backwards, kept_order, values = signing.loads(cursor, salt=_SALT)
    except signing.BadSignature:
        return False, None
    if kept_order != list(order):
        return False, None
    return bool(backwards), values
