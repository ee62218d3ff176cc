"""The inbox: which cases it holds for one person, who has each, and the same list as rows of a file."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, Subquery, Value, When
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms import InboxFilter
from incidents.models import Assignment, Incident, IncidentGrant, IncidentQuerySet
from incidents.permissions import HANDLE_INCIDENT, VIEW_INCIDENT
from organisation.access import Scope
from organisation.keyset import Page
from organisation.models import User
from organisation.requests import PersonRequest
from organisation.saved_filters import address_of, filters_of, query_of

# The name of its URL.
PAGE = "incidents:inbox"
OLDEST_FIRST = ("-serious", "reported_at", "pk")
# Cases are shared one by one; nobody has many.
MOST_SHARED = 20
READ_AT_ONCE = 2_000
HEADER = (
    gettext_lazy("Number"),
    gettext_lazy("What"),
    gettext_lazy("Workplace"),
    gettext_lazy("Came in"),
    gettext_lazy("Happened"),
    gettext_lazy("Answer by"),
    gettext_lazy("Status"),
    gettext_lazy("Serious"),
    gettext_lazy("First answered"),
    gettext_lazy("Closed"),
)


def by_seat(person: User) -> IncidentQuerySet:
    """Return the cases that the person sees by seat, which an index answers however many there are."""
    return Incident.objects.permitted(person, VIEW_INCIDENT)


def shared(person: User) -> IncidentQuerySet:
    """Return the cases that are shared with the person, or that a rule lets them handle."""
    return Incident.objects.visible_to(person).shared_with(person, VIEW_INCIDENT)


def with_handlers(cases: IncidentQuerySet, person: User) -> IncidentQuerySet:
    """Return the cases with ``handler_name`` and ``is_opened`` of the one who has each, where ``person`` handles it.

    None: nobody has it; empty: ``person`` does not handle it.

    To everyone else it would tell who reported, where a superior has it in the manager's place.
    """
    granted = IncidentGrant.objects.held_by(person.pk, HANDLE_INCIDENT).values("content_object_id")
    handles = Scope.of(person).condition(HANDLE_INCIDENT) | Q(pk__in=granted)
    given = Assignment.objects.filter(incident=OuterRef("pk"), ended_at__isnull=True)
    name = Subquery(given.values("person__name")[:1], output_field=CharField())
    return cases.select_related("body").annotate(
        handler_name=Case(When(handles, then=name), default=Value(""), output_field=CharField()),
        is_opened=Exists(given.filter(acknowledged_at__isnull=False)),
    )


def inbox_page(request: PersonRequest, chosen: InboxFilter, page: Page[Incident], beside: list[Incident]) -> Any:
    """Return the context of the inbox: its groups, the person's saved filters, and the filter for links."""
    groups = [
        (_("Shared with you"), beside),
        (_("Serious, always at the top"), [case for case in page.rows if case.serious]),
        (_("Others, oldest first"), [case for case in page.rows if not case.serious]),
    ]
    query = query_of(request.GET)
    saved = filters_of(request.user, PAGE)
    return {
        "filter": chosen,
        "page": page,
        "groups": groups,
        "any_rows": any(rows for _heading, rows in groups),
        "query": query,
        "saved": [{"label": one.name, "url": address_of(one), "current": one.query == query} for one in saved],
        # Who has a case is told to those who handle it.
        "handles": any(getattr(case, "handler_name", "") != "" for case in (*beside, *page.rows)),
    }


def file_rows(chosen: InboxFilter, person: User) -> Iterator[Sequence[Any]]:
    """Yield the filtered list as rows of a file, read in pieces: what is listed and counted, no text and no names."""
    lists = (
        chosen.narrow(shared(person)).select_related("body").order_by(*OLDEST_FIRST)[:MOST_SHARED],
        chosen.narrow(by_seat(person)).select_related("body").order_by(*OLDEST_FIRST),
    )
    cases: Iterable[Incident] = chain.from_iterable(rows.iterator(chunk_size=READ_AT_ONCE) for rows in lists)
    for case in cases:
        yield (
            case.label,
            case.get_kind_display(),
            case.body.name,
            _day(case.reported_at),
            case.occurred_on,
            case.answer_by,
            case.get_state_display(),
            _("Yes") if case.serious else _("No"),
            _day(case.first_answered_at),
            _day(case.closed_at),
        )


def _day(moment: Any) -> Any:
    return localtime(moment).date() if moment else None
