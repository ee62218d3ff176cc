"""The list of risks as a person asks for it: the filter applied, and its rows as a file."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from risks.forms import RiskFilter
from risks.forms.filtering import HIGH_OR_WORSE
from risks.models import Level, Risk, RiskQuerySet, RiskState
from risks.querysets import HIGH


def filtered(risks: RiskQuerySet, form: RiskFilter) -> RiskQuerySet:
    """Return ``risks`` as the filter asks; a choice that isn't valid is passed over, and the form says so."""
    form.is_valid()
    asked: Mapping[str, Any] = form.cleaned_data
    state = asked.get("state") or RiskState.OPEN
    if state != "all":
        risks = risks.filter(state=state)
    if body := asked.get("body"):
        risks = risks.at_or_below(body)
    equal = {"area": "area", "value": "protected_value", "horizon": "horizon"}
    for name, column in equal.items():
        if asked.get(name):
            risks = risks.filter(**{column: asked[name]})
    return risks.filter(_standing(form, "band"), _standing(form, "cell"))


def _standing(form: RiskFilter, what: str) -> Q:
    """Return the condition on the band or the cell of the scale in force: before, now, or either."""
    wanted = form.cleaned_data.get(what)
    if not wanted:
        return Q()
    stages = [form.cleaned_data["stage"]] if form.cleaned_data.get("stage") else ["before", "now"]
    condition = Q(pk__in=())
    for stage in stages:
        if wanted == HIGH_OR_WORSE:
            # On whatever scale the risk was judged, as the counts of high risks are.
            condition |= Q(**{f"severity_{stage}__gte": HIGH})
        else:
            condition |= Q(**{f"{what}_{stage}": wanted, f"scale_{stage}": form.words.scale})
    return condition


HEADER = ("number", "risk", "unit", "area", "value", "when", "serious", "before", "now", "state", "logged")


def header() -> list[str]:
    """Return the names of the file's columns."""
    names = {
        "number": _("Number"),
        "risk": _("Risk"),
        "unit": _("Unit"),
        "area": _("Area"),
        "value": _("What is worth protecting"),
        "when": _("When"),
        "serious": _("Serious risk (AFS)"),
        "before": _("Level before measures"),
        "now": _("Level now"),
        "state": _("State"),
        "logged": _("Logged"),
    }
    return [names[name] for name in HEADER]


def lines(risks: RiskQuerySet) -> Iterator[list[Any]]:
    """Yield one line per risk, in the order of the list, read piece by piece."""
    for risk in risks.worst_first().with_levels().iterator(chunk_size=500):
        yield _line(risk)


def _line(risk: Risk) -> list[Any]:
    return [
        risk.label,
        risk.title,
        risk.body,
        risk.area,
        risk.protected_value,
        risk.get_horizon_display(),
        risk.get_serious_display(),
        _in_words(risk.level_before),
        _in_words(risk.level_now),
        risk.get_state_display(),
        timezone.localtime(risk.created_at).date().isoformat(),
    ]


def _in_words(level: Level | None) -> str:
    return f"{level.number} {level.word}" if level else ""
