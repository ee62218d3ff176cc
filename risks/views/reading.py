"""Pages that show risks: the matrix, the list and one risk."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from incidents.models import Incident
from organisation import clock
from organisation.access import Scope, require
from organisation.export import csv_response
from organisation.keyset import bounded_count, keyset_page
from organisation.requests import PersonRequest
from organisation.responsibility import who_handles
from risks import listing, permissions, querysets, services, story
from risks.answers import answers_to
from risks.forms import RiskFilter
from risks.models import Risk, Scale, Stage
from risks.vocabulary import Words

TOP = 6
MODES = ("both", "before", "after")


@login_required
@require_safe
def matrix(request: PersonRequest) -> HttpResponse:
    """The finding, the matrix before and after measures, and the worst risks."""
    require(request.user, permissions.VIEW_RISK)
    words = Words.for_person(request.user, clock.today())
    risks = Risk.objects.visible_to(request.user).open()
    asked = request.GET.get("show", "")
    mode = asked if asked in MODES else MODES[0]
    counts = querysets.level_counts(risks)
    context = {
        "words": words,
        "counts": counts,
        "mode": mode,
        "top": querysets.top(risks, TOP),
        "may_log": Scope.of(request.user).holds(permissions.ADD_RISK),
        "today": clock.today(),
    }
    if words.scale is not None:
        context |= _drawn(words.scale, querysets.matrix_counts(risks, words.scale), counts, mode)
    return render(request, "risks/matrix.html", context)


def _drawn(scale: Scale, cells: Any, counts: querysets.LevelCounts, mode: str) -> dict[str, Any]:
    """Return what the page shows of one scale: the finding, the matrix, its key, and the risks outside it."""
    captions = {
        "both": _("Number of risks before → after measures, per cell"),
        "before": _("Number of risks before measures, per cell"),
        "after": _("Number of risks after measures, per cell"),
    }
    stage = {"both": "", "before": "before", "after": "now"}[mode]
    note = _("Upwards: likelihood. To the right: consequence. The level is set for each cell, not by the product.")

    def cell_url(cell: str) -> str:
        asked = {"cell": cell, "stage": stage} if stage else {"cell": cell}
        return f"{reverse('risks:list')}?{urlencode(asked)}"

    on_scale = sum(count.after for count in cells.values())
    return {
        "finding": finding(scale, counts),
        "matrix": querysets.matrix(scale, cells, caption=captions[mode], mode=mode, note=note, cell_url=cell_url),
        "bands": list(reversed(scale.levels)),
        "outside": counts.total - on_scale,
        "size": f"{len(scale.likelihood)} × {len(scale.consequence)}",
    }


def finding(scale: Scale, counts: querysets.LevelCounts) -> str:
    """Return the sentence that heads the matrix: how many risks are high or worse now, against before."""
    if not counts.total:
        return _("No risks are logged")
    values = {"now": counts.high_now, "before": counts.high_before, "word": querysets.lowest_high_band(scale).word}
    if not counts.high_now and not counts.high_before:
        return _("No risk has the level “%(word)s” or worse") % values
    return (
        ngettext(
            "%(now)d risk has the level “%(word)s” or worse after measures, against %(before)d before",
            "%(now)d risks have the level “%(word)s” or worse after measures, against %(before)d before",
            counts.high_now,
        )
        % values
    )


@login_required
@require_safe
def risk_list(request: PersonRequest) -> HttpResponseBase:
    """The risks that the person may see, worst first, filtered by the address; as a page or as a CSV file."""
    require(request.user, permissions.VIEW_RISK)
    words = Words.for_person(request.user, clock.today())
    form = RiskFilter(request.GET, user=request.user, words=words)
    risks = listing.filtered(Risk.objects.visible_to(request.user), form)
    if request.GET.get("as") == "csv":
        return csv_response(_("risks") + ".csv", listing.header(), listing.lines(risks))
    page = keyset_page(risks.with_levels(), order=("-sort_key", "-pk"), cursor=request.GET.get("page"))
    count, exact = bounded_count(risks)
    context = {
        "form": form,
        "page": page,
        "count": count,
        "exact": exact,
        "words": words,
        "may_log": Scope.of(request.user).holds(permissions.ADD_RISK),
        "asked": any(value for name, value in request.GET.items() if name in form.fields),
        "csv_url": _with(request, **{"as": "csv"}),
        "older_url": _with(request, page=page.older_cursor),
        "newer_url": _with(request, page=page.newer_cursor),
    }
    return render(request, "risks/list.html", context)


def _with(request: PersonRequest, **wanted: str | None) -> str:
    """Return the list's address with the same filter and ``wanted``; nothing when it is none."""
    if None in wanted.values():
        return ""
    asked = request.GET.copy()
    asked.pop("page", None)
    for name, value in wanted.items():
        asked[name] = str(value)
    return f"{reverse('risks:list')}?{asked.urlencode()}"


@login_required
@require_safe
def risk(request: PersonRequest, public_id: uuid.UUID) -> HttpResponse:
    """One risk: where it stands, how it was judged, what grounds it, what answers it, and its history."""
    visible = Risk.objects.visible_to(request.user).with_levels().select_related("created_by", "municipality")
    found = get_object_or_404(visible, public_id=public_id)
    assessments = list(
        found.assessments.select_related("scale", "by")
        .prefetch_related("consequences__dimension")
        .order_by("-assessed_on", "-pk")
    )
    latest = services.latest_by_stage(assessments)
    grounds = Incident.objects.visible_to(request.user).filter(grounded_risks__risk=found).order_by("-occurred_on")
    scope = Scope.of(request.user)
    context = {
        "risk": found,
        "target": latest[Stage.TARGET].level if Stage.TARGET in latest else None,
        "assessments": assessments,
        "consequences": story.consequences_of(latest),
        "grounds": list(grounds),
        "hidden_grounds": found.grounds.count() - len(grounds),
        "answers": answers_to(found, scope),
        "handler": who_handles(found.body, clock.today()),
        "story": story.story_of(found),
        "may_change": scope.allows(permissions.CHANGE_RISK, found),
    }
    return render(request, "risks/risk.html", context)
