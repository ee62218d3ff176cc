"""Requests and stops as they are listed, and how the lists are narrowed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from organisation.access import Scope
from organisation.forms.union import UnionFilter
from organisation.keyset import bounded_count
from organisation.models import BodyClosure, RequestState, WorkEnvironmentRequest, WorkStop
from organisation.pages.union import status_of


class RequestFilter(UnionFilter):
    """Which requests are listed: by where they stand, and by body with all below it."""

    def __init__(self, data: Any, *, scope: Scope) -> None:
        waiting = [("", _("All")), ("waiting", _("Waiting for an answer"))]
        named = [(state, capfirst(str(state.label))) for state in RequestState if state != RequestState.FILED]
        super().__init__(data, scope=scope, states=[*waiting, *named])

    def narrow(self, rows: "QuerySet[WorkEnvironmentRequest]") -> "QuerySet[WorkEnvironmentRequest]":
        """Return the requests that the filter leaves."""
        self.is_valid()
        state = self.cleaned_data.get("state")
        if state == "waiting":
            rows = rows.filter(state=RequestState.FILED)
        elif state:
            rows = rows.filter(state=state)
        return at_or_below(rows, self.cleaned_data.get("body"))


class StopFilter(UnionFilter):
    """Which stops are listed, by body with all below it."""

    def __init__(self, data: Any, *, scope: Scope) -> None:
        super().__init__(data, scope=scope, states=[])
        del self.fields["state"]

    def narrow(self, rows: "QuerySet[WorkStop]") -> "QuerySet[WorkStop]":
        """Return the stops that the filter leaves."""
        self.is_valid()
        return at_or_below(rows, self.cleaned_data.get("body"))


def at_or_below(rows: "QuerySet[Any]", body: Any) -> "QuerySet[Any]":
    """Return the rows at ``body`` or below it; all of them without one."""
    if body is None:
        return rows
    return rows.filter(body_id__in=BodyClosure.objects.filter(ancestor=body).values("descendant_id"))


def listed_requests(rows: Iterable[WorkEnvironmentRequest], on: date) -> list[dict[str, Any]]:
    """Return the requests with their tags."""
    return [{"asked": row, "status": status_of(row, on)} for row in rows]


def waiting_in_number(rows: "QuerySet[WorkEnvironmentRequest]") -> int:
    """Return how many of the requests wait for the employer's answer; never counts further than a list does."""
    return bounded_count(rows.filter(state=RequestState.FILED))[0]
