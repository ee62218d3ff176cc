"""Reading: the plans of a year with the bodies that lack one, one plan as a paper, one version as decided."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from actionplans.content import changes
from actionplans.models import Measure, Plan, PlanDecision, PlanVersion, VersionState
from actionplans.paper import paper_of
from actionplans.permissions import CHANGE_PLAN, VIEW_PLAN
from actionplans.querysets import InventoryRow, as_corrected, expected_to_plan, inventory
from actionplans.services import measures_to_note
from actionplans.snapshot import content_of
from actionplans.views.fetching import Actions, plan_seen, shown_version, version_seen
from actionplans.wording import VERSION_TONE, differences
from organisation import clock
from organisation.access import Scope, require
from organisation.groups import actions_seen
from organisation.keyset import keyset_page
from organisation.models import Body
from organisation.requests import PersonRequest
from organisation.sharing import share_with, shares_of
from risks.models import Risk

PAGE = 50


@login_required
@require_safe
def plans(request: PersonRequest) -> HttpResponse:
    """The plans of one year, body by body; those without a plan stand among them (R114)."""
    visible = Plan.objects.visible_to(request.user)
    scope = Scope.of(request.user)
    if not scope.holds(VIEW_PLAN) and not visible.exists():
        require(request.user, VIEW_PLAN)
    years = sorted(set(visible.values_list("year", flat=True)), reverse=True)
    year = _year_asked(request.GET.get("year", ""), years)
    bodies = _bodies_to_list(request, year)
    page = keyset_page(bodies, order=("name", "pk"), cursor=request.GET.get("page"), size=PAGE)
    prepares = {body.pk for body in scope.bodies(CHANGE_PLAN)} if scope.holds(CHANGE_PLAN) else set()
    rows = [_listed(row, may_see_draft=row.body.pk in prepares) for row in _inventory(page.rows, year)]
    context = {
        "year": year,
        "years": [{"label": str(one), "url": f"?year={one}", "current": one == year} for one in years],
        "heading": _list_heading(bodies, year),
        "rows": rows,
        "newer_page": _page_url(year, page.newer_cursor),
        "older_page": _page_url(year, page.older_cursor),
        "may_begin": scope.holds(CHANGE_PLAN),
    }
    return render(request, "actionplans/list.html", context)


def _year_asked(asked: str, years: list[int]) -> int:
    """Return the year asked for if there is a plan for it, else the newest up to the one that is planned now."""
    if asked.isdecimal() and int(asked) in years:
        return int(asked)
    coming = clock.today().year + 1
    return next((year for year in years if year <= coming), next(iter(years), coming))


def _page_url(year: int, cursor: str | None) -> str:
    return f"?{urlencode({'year': year, 'page': cursor})}" if cursor else ""


def _inventory(bodies: list[Body], year: int) -> list[InventoryRow]:
    return inventory(bodies=bodies, year=year, on=clock.today())


def _bodies_to_list(request: PersonRequest, year: int) -> Any:
    """Return the bodies that should have a plan, and those whose plan the person sees."""
    with_plan = Plan.objects.visible_to(request.user).of_year(year).values("body_id")
    municipality = request.user.municipality
    if municipality is None:
        return Body.objects.none()
    seen = Scope.of(request.user).bodies(VIEW_PLAN).values("pk")
    expected = expected_to_plan(municipality, clock.today()).filter(pk__in=seen).values("pk")
    return Body.objects.filter(Q(pk__in=with_plan) | Q(pk__in=expected), municipality=municipality)


def _list_heading(bodies: Any, year: int) -> str:
    adopted = PlanVersion.objects.filter(plan__body=OuterRef("pk"), plan__year=year, state=VersionState.IN_FORCE)
    counted = bodies.aggregate(total=Count("pk"), in_force=Count("pk", filter=Exists(adopted)))
    in_force = counted["in_force"]
    words = {"count": in_force, "total": counted["total"], "year": year}
    return (
        ngettext(
            "%(count)s of %(total)s bodies has a plan in force for %(year)s",
            "%(count)s of %(total)s bodies have a plan in force for %(year)s",
            in_force,
        )
        % words
    )


def _listed(row: InventoryRow, *, may_see_draft: bool) -> dict[str, Any]:
    """Return what the list shows of one body; a draft's content is nobody's but those who prepare it."""
    hidden = row.state == VersionState.DRAFT and not may_see_draft
    state = _("No plan yet") if row.version is None else row.version.get_state_display()
    return {
        "body": row.body,
        "plan": row.plan,
        "state": _("Being prepared") if hidden else state,
        "tone": VERSION_TONE[row.state] if row.version else "late",
        "row": None if hidden else row,
    }


@login_required
@require_safe
def plan(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """The paper of a plan, with what the person may do."""
    plan = plan_seen(request, public_id)
    actions = Actions(request.user, plan)
    shown = shown_version(plan, prepares=actions.prepares)
    context: dict[str, Any] = {"plan": plan, "version": shown, "actions": actions}
    shares = shares_of(plan)
    context |= {"shares": shares if actions.prepares else [], "shared_with_me": share_with(request.user, shares)}
    if shown is not None:
        context |= _paper_context(request, shown, actions)
        context["is_draft"] = shown.state == VersionState.DRAFT
        context["in_force"] = next((one for one in context["versions"] if one["is_in_force"]), None)
    return render(request, "actionplans/plan.html", context)


@login_required
@require_safe
def version(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One version as it was met and decided, with its hash and whether the content is unchanged."""
    shown = version_seen(request, public_id)
    if shown.state == VersionState.DRAFT:
        require(request.user, CHANGE_PLAN, shown.plan)
    actions = Actions(request.user, shown.plan)
    context = {"plan": shown.plan, "version": shown, "actions": actions}
    context |= _paper_context(request, shown, actions)
    # In pieces, so that a narrow screen may break it.
    context["hash"] = [shown.content_hash[place : place + 8] for place in range(0, 64, 8)]
    context["unchanged"] = shown.hash_matches() if shown.content is not None else None
    context["statuses"] = [
        {
            "when": status.at,
            "who": status.by.name,
            "title": status.get_to_state_display(),
            "text": status.reason,
        }
        for status in shown.statuses.select_related("by").order_by("-at", "-pk")
    ]
    return render(request, "actionplans/version.html", context)


def _paper_context(request: PersonRequest, shown: PlanVersion, actions: Actions) -> dict[str, Any]:
    content = content_of(shown)
    is_in_force = shown.state == VersionState.IN_FORCE
    measures = shown.measures.select_related("from_action__meeting__body")
    rows = list(measures)
    paper = paper_of(content, {str(row.key): row for row in rows})
    earlier = shown.based_on
    changed = differences(changes(content_of(earlier), content), content_of(earlier), content) if earlier else []
    return {
        "paper": paper,
        "tone": VERSION_TONE[shown.state],
        "is_in_force": is_in_force,
        "earlier": earlier,
        "changed": changed,
        "versions": _versions(shown.plan, prepares=actions.prepares),
        "may_note": measures_to_note(request.user, shown.plan, rows) if is_in_force else set(),
        "visible_risks": _visible_risks(request, [risk.key for risk in content.risks]),
        "visible_actions": _visible_actions(request, rows),
    }


def _visible_actions(request: PersonRequest, rows: list[Measure]) -> set[int]:
    """Return which of the groups' actions that measures are made of the person may open."""
    made_of = [row.from_action_id for row in rows if row.from_action_id]
    return set(actions_seen(request.user).filter(pk__in=made_of).values_list("pk", flat=True)) if made_of else set()


def _visible_risks(request: PersonRequest, keys: list[str]) -> set[str]:
    """Return which of the risks the person may open: the others are named without a link."""
    seen = Risk.objects.visible_to(request.user).filter(public_id__in=keys)
    return {str(key) for key in seen.values_list("public_id", flat=True)}


def _versions(plan: Plan, *, prepares: bool) -> list[dict[str, Any]]:
    """Return the versions newest first, each with what meetings decided about it."""
    versions = list(plan.versions.order_by("-number").defer("content"))
    ties = list(PlanDecision.objects.filter(version__plan=plan).select_related("decision__meeting").order_by("pk"))
    corrected = dict(zip((tie.pk for tie in ties), as_corrected(tie.decision for tie in ties), strict=True))
    return [
        {
            "version": one,
            "tone": VERSION_TONE[one.state],
            "is_in_force": one.state == VersionState.IN_FORCE,
            "hash": one.content_hash[:12],
            "decisions": [{"tie": tie, "decision": corrected[tie.pk]} for tie in ties if tie.version_id == one.pk],
        }
        for one in versions
        if prepares or one.state != VersionState.DRAFT
    ]
