"""The inbox: which cases it holds for one person, who has each, and the same list as rows of a file."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from django.db.models import Case, CharField, OuterRef, Q, Subquery, Value, When
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms import InboxFilter
from incidents.listed import as_listed, listed
from incidents.models import RANK, Assignment, Incident, IncidentGrant, IncidentQuerySet
from incidents.permissions import HANDLE_INCIDENT, VIEW_INCIDENT, VIEW_STATISTICS
from organisation import clock
from organisation.access import Scope
from organisation.keyset import Page
from organisation.models import User
from organisation.requests import PersonRequest
from organisation.saved_filters import address_of, filters_of, query_of

# Per permission, the ids of single cases on which somebody holds it.
Granted = Mapping[str, Collection[int]]
# The name of its URL.
PAGE = "incidents:inbox"
# Of cases that are ``ranked()``.
OLDEST_FIRST = ("rank", "reported_at", "pk")
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


def own_reports(person: User) -> IncidentQuerySet:
    """Return the cases that the person has reported."""
    return Incident.objects.visible_to(person).reported_by(person)


def granted_to(person: User) -> Granted:
    """Return, per permission, the ids of the cases on which the person holds it by a grant in force today."""
    found: dict[str, set[int]] = {}
    held = IncidentGrant.objects.in_force(clock.today()).filter(user=person)
    for codename, incident_id in held.values_list("permission__codename", "content_object_id"):
        found.setdefault(f"{Incident._meta.app_label}.{codename}", set()).add(incident_id)
    return found


def shared(person: User) -> IncidentQuerySet:
    """Return the cases that are shared with the person, or that a rule lets them handle."""
    return Incident.objects.shared_with(person, VIEW_INCIDENT)


# Not joined, for the same reason as the workplace.
_given = Assignment.objects.filter(incident=OuterRef("pk"), ended_at__isnull=True).order_by()
_handler_name = Subquery(_given.values("person__name"), output_field=CharField())
_opened_at = Subquery(_given.values("acknowledged_at"))


def as_rows(cases: IncidentQuerySet, person: User, granted: Granted, *, by_seat: bool) -> IncidentQuerySet:
    """Return the cases as the inbox lists them, to be put in order, with ``handler_name`` and ``opened_at``.

    That name, of the one who has the case, is none where nobody has it, and empty where ``person`` does not handle it:
    it would tell who reported, where a superior has the case in the manager's place. ``by_seat`` says that the cases
    are those seen by seat.
    """
    scope, single = Scope.of(person), granted.get(HANDLE_INCIDENT, ())
    if not (single or scope.holds(HANDLE_INCIDENT)):
        return as_listed(cases, rank=RANK, handler_name=Value(""))
    name: Any = _handler_name
    if not (by_seat and handles_all_seen(scope)):
        handles = scope.condition(HANDLE_INCIDENT) | Q(pk__in=single)
        name = Case(When(handles, then=name), default=Value(""))
    return as_listed(cases, rank=RANK, handler_name=name, opened_at=_opened_at)


def handles_all_seen(scope: Scope) -> bool:
    """Tell whether the person handles every case that they see by seat, so that no row must be asked for apart."""
    places = (dict.fromkeys(scope.everywhere), scope.own, scope.roots)
    return all(
        (HANDLE_INCIDENT in place, place.get(HANDLE_INCIDENT)) == (VIEW_INCIDENT in place, place.get(VIEW_INCIDENT))
        for place in places
    )


def first_shared(chosen: InboxFilter, person: User, granted: Granted) -> list[Incident]:
    """Return the shared cases that the filter leaves; where nothing is granted, nothing more is asked."""
    if not granted.get(VIEW_INCIDENT):
        return []
    cases = as_rows(chosen.narrow(shared(person)), person, granted, by_seat=False)
    return list(cases.order_by(*OLDEST_FIRST)[:MOST_SHARED])


def inbox_page(
    request: PersonRequest, chosen: InboxFilter, page: Page[Incident], beside: list[Incident]
) -> dict[str, Any]:
    """Return the context of the inbox: its groups, the person's saved filters, and the filter for links."""
    groups = [
        (_("Shared with you"), listed(beside)),
        (_("Serious, always at the top"), listed(case for case in page.rows if case.serious)),
        (_("Others, oldest first"), listed(case for case in page.rows if not case.serious)),
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
        "sees_figures": Scope.of(request.user).holds(VIEW_STATISTICS),
    }


def file_rows(chosen: InboxFilter, person: User) -> Iterator[Sequence[Any]]:
    """Yield the filtered list as rows of a file, read in pieces: what is listed and counted, no text and no names."""
    lists = (
        chosen.narrow(shared(person)).ranked().select_related("body").order_by(*OLDEST_FIRST)[:MOST_SHARED],
        chosen.narrow(by_seat(person)).ranked().select_related("body").order_by(*OLDEST_FIRST),
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
