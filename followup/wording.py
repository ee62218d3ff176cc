"""The figures put in words: labels, findings and sentences, in the language of the moment.

Every sentence is drawn from stored figures. A number that must not be shown is never implied either:
where one is missing, the sentence says so or is left out.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from incidents.figures.groups import label_of
from organisation.figure_words import HIDDEN, change, kronor, percent, shown
from organisation.models import PersonsRank

__all__ = ["HIDDEN", "change", "kronor", "label_of", "percent", "shown"]

Figures = Mapping[str, Any]

NUMBER_LABELS: Mapping[str, str | Promise] = {
    "threats_violence": gettext_lazy("threats and violent acts"),
    "near_misses": gettext_lazy("reported near misses"),
    "high_risks": gettext_lazy("high risks left"),
    "on_time": gettext_lazy("of measures on time"),
    "vacant": gettext_lazy("vacant seats"),
}

CLAUSE_KINDS: Mapping[str, str | Promise] = {
    "goal": gettext_lazy("Goals"),
    "duty": gettext_lazy("Duties"),
    "direction": gettext_lazy("Directions"),
    "definition": gettext_lazy("Definitions"),
    "activity": gettext_lazy("Activities"),
    "followup": gettext_lazy("Follow-up"),
    "responsibility": gettext_lazy("Responsibilities"),
}


def rate(per_hundred: float | None) -> str:
    """Return incidents per 100 employees with one decimal, or a dash where it can't be told or must not be."""
    return "–" if per_hundred is None else str(number_format(per_hundred, decimal_pos=1))


def clause_kind(key: str) -> str:
    """Return what clauses of one kind are called together; a kind without a word of its own keeps its key."""
    return str(CLAUSE_KINDS.get(key, key))


def points(now: int | None, before: int | None, year: int) -> str:
    """Say how a share differs from last year's, in percentage points."""
    if now is None or before is None:
        return _("nothing to compare with")
    if now == before:
        return _("as in %(year)s") % {"year": year - 1}
    step = abs(now - before)
    if now > before:
        return ngettext("%(count)s percentage point up", "%(count)s percentage points up", step) % {"count": step}
    return ngettext("%(count)s percentage point down", "%(count)s percentage points down", step) % {"count": step}


def numbers(summary: Figures, year: int) -> list[dict[str, str]]:
    """Return the five numbers of the summary: key, value, label and change."""
    return [
        {
            "key": number["key"],
            "value": percent(number["now"]) if number["key"] == "on_time" else shown(number["now"]),
            "label": str(NUMBER_LABELS[number["key"]]),
            "change": (points if number["key"] == "on_time" else change)(number["now"], number["before"], year),
        }
        for number in summary["numbers"]
    ]


def _numbers_of(summary: Figures, key: str) -> tuple[int | None, int | None]:
    number = next(number for number in summary["numbers"] if number["key"] == key)
    return number["now"], number["before"]


def headline(summary: Figures, year: int) -> str:
    """Return the finding of the year."""
    if not summary["has_data"]:
        return _("Nothing is reported for %(year)s") % {"year": year}
    threats, near = _numbers_of(summary, "threats_violence"), _numbers_of(summary, "near_misses")
    if None in threats or None in near:
        return _("The year in brief")
    fewer, more = threats[0] < threats[1], near[0] > near[1]  # type: ignore[operator]
    if fewer and more:
        return _("Fewer threats, and more near misses come to light")
    if fewer:
        return _("Threats and violence decrease")
    if threats[0] > threats[1]:  # type: ignore[operator]
        return _("Threats and violence increase")
    return _("Threats and violence are as many as the year before")


def sentences(summary: Figures, year: int) -> list[str]:
    """Return the three sentences of the summary, or the one that says that there is nothing."""
    if not summary["has_data"]:
        return [_("The portal holds no incidents, risks or measures for %(year)s.") % {"year": year}]
    return [_threats(summary, year), _near_misses(summary, year), _seats(summary)]


def _threats(summary: Figures, year: int) -> str:
    now, before = _numbers_of(summary, "threats_violence")
    words = {"now": shown(now), "before": shown(before), "year": year - 1}
    if now is None:
        return _("How many threats and violent acts there were is not given, since the count is small.")
    if before is None:
        return _("Threats and violent acts were %(now)s. The change since %(year)s is not given.") % words
    if now == before:
        return _("Threats and violent acts were %(now)s, as many as in %(year)s.") % words
    words["count"] = shown(abs(now - before))
    if now < before:
        return _("Threats and violent acts decreased by %(count)s, from %(before)s to %(now)s.") % words
    return _("Threats and violent acts increased by %(count)s, from %(before)s to %(now)s.") % words


def _near_misses(summary: Figures, year: int) -> str:
    now, before = _numbers_of(summary, "near_misses")
    words = {"now": shown(now), "year": year - 1}
    if now is None:
        return _("How many near misses were reported is not given, since the count is small.")
    if before is None:
        return _("Staff reported %(now)s near misses. The change since %(year)s is not given.") % words
    if now == before:
        return _("Staff reported %(now)s near misses, as many as in %(year)s.") % words
    words["count"] = shown(abs(now - before))
    if now > before:
        return (
            _("Staff reported %(now)s near misses, %(count)s more than in %(year)s, which is a goal in itself.") % words
        )
    return _("Staff reported %(now)s near misses, %(count)s fewer than in %(year)s.") % words


def _seats(summary: Figures) -> str:
    if not summary["seats"]:
        return _("The safety organisation has no seats yet.")
    if not summary["vacant"]:
        return _("Every seat of the safety organisation has a holder.")
    return ngettext(
        "%(vacant)s of the %(seats)s seats in the safety organisation has no holder.",
        "%(vacant)s of the %(seats)s seats in the safety organisation have no holder.",
        summary["vacant"],
    ) % {"vacant": shown(summary["vacant"]), "seats": shown(summary["seats"])}


def proposed_decision(summary: Figures, year: int) -> list[str]:
    """Return the points that the board is asked to decide."""
    asked = [_("The executive board approves the yearly report for %(year)s and files it.") % {"year": year}]
    if summary["vacant"]:
        asked.append(
            ngettext(
                "The executive board asks for the vacant seat to be filled.",
                "The executive board asks for the %(count)s vacant seats to be filled.",
                summary["vacant"],
            )
            % {"count": shown(summary["vacant"])}
        )
    if summary["plans_missing"]:
        asked.append(
            ngettext(
                "The executive board asks the committee that has no action plan to adopt one.",
                "The executive board asks the %(count)s committees and companies without an action plan to adopt one.",
                summary["plans_missing"],
            )
            % {"count": shown(summary["plans_missing"])}
        )
    if summary["documents_due"]:
        asked.append(
            ngettext(
                "The executive board has the governing document that is due reviewed.",
                "The executive board has the %(count)s governing documents that are due reviewed.",
                summary["documents_due"],
            )
            % {"count": shown(summary["documents_due"])}
        )
    asked.append(_("The report is sent to the municipal council for information."))
    return asked


def of_documents(figures: Figures) -> str:
    """Return the finding of the chapter on governing documents."""
    if not figures["rows"]:
        return _("No governing documents are recorded")
    if not figures["due"]:
        return _("No governing document is due for review")
    return ngettext(
        "%(count)s governing document is due for review",
        "%(count)s governing documents are due for review",
        figures["due"],
    ) % {"count": shown(figures["due"])}


def of_organisation(figures: Figures) -> str:
    """Return the finding of the chapter on the organisation."""
    if not figures["seats"]:
        return _("The safety organisation has no seats yet")
    if not figures["vacant"]:
        return _("Every seat has a holder")
    return ngettext(
        "%(vacant)s of %(seats)s seats is vacant", "%(vacant)s of %(seats)s seats are vacant", figures["vacant"]
    ) % {"vacant": shown(figures["vacant"]), "seats": shown(figures["seats"])}


def of_plans(figures: Figures) -> str:
    """Return the finding of the inventory of plans."""
    if not figures["bodies"]:
        return _("No body is to have an action plan")
    return ngettext(
        "%(count)s of %(bodies)s bodies has an action plan in force",
        "%(count)s of %(bodies)s bodies have an action plan in force",
        figures["in_force"],
    ) % {"count": shown(figures["in_force"]), "bodies": shown(figures["bodies"])}


def of_measures(figures: Figures) -> str:
    """Return the finding of the chapter on measures."""
    total = figures["total"]
    if not total["all"]:
        return _("No plan in force promises any measure")
    if not total["overdue"]:
        return _("%(done)s of %(all)s measures are done, and none is late") % {
            "done": shown(total["done"]),
            "all": shown(total["all"]),
        }
    return ngettext(
        "%(done)s of %(all)s measures are done, and %(late)s is late",
        "%(done)s of %(all)s measures are done, and %(late)s are late",
        total["overdue"],
    ) % {"done": shown(total["done"]), "all": shown(total["all"]), "late": shown(total["overdue"])}


def of_risks(figures: Figures, year: int) -> str:
    """Return the finding of the chapter on risks."""
    high, before = figures["high"], figures["high_last_year"]
    if figures["open"] == 0:
        return _("No risks are recorded")
    if high is None:
        return _("Risks before and after measures")
    if before is None or high == before:
        return ngettext("%(count)s high risk is left", "%(count)s high risks are left", high) % {"count": shown(high)}
    words = {"count": shown(high), "change": change(high, before, year)}
    return (
        ngettext("%(count)s high risk is left, %(change)s", "%(count)s high risks are left, %(change)s", high) % words
    )


def of_incidents(figures: Figures, year: int) -> str:
    """Return the finding of the chapter on incidents."""
    now, before = figures["total"]["now"], figures["total"]["before"]
    if now == 0:
        return _("No incidents are reported for %(year)s") % {"year": year}
    if now is None or before is None:
        return _("What happened during %(year)s") % {"year": year}
    words = {"count": shown(now), "change": change(now, before, year)}
    return (
        ngettext("%(count)s incident was reported, %(change)s", "%(count)s incidents were reported, %(change)s", now)
        % words
    )


def of_chart(key: str, now: int | None, before: int | None, year: int) -> str:
    """Return the finding of one drawing of months."""
    return _("%(what)s: %(change)s") % {"what": label_of(key), "change": change(now, before, year)}


def of_damage(figures: Figures) -> str:
    """Return the finding of the chapter on costs."""
    now = figures["total"]["now"]
    if now is None:
        return _("What the incidents cost")
    if now == 0:
        return _("No costs are stated")
    return _("The incidents cost %(amount)s") % {"amount": kronor(now)}


def of_goals(figures: Figures) -> str:
    """Return the finding of the chapter on goals."""
    if not figures["goals"]:
        return _("No goals are recorded")
    count = len(figures["goals"])
    if not figures["without_indicator"]:
        return ngettext("%(count)s goal, with an indicator", "%(count)s goals, each with an indicator", count) % {
            "count": shown(count)
        }
    return ngettext(
        "%(count)s goal, without an indicator", "%(count)s goals, of which %(without)s without an indicator", count
    ) % {"count": shown(count), "without": shown(figures["without_indicator"])}


def of_ranking(persons_rank: str) -> str:
    """Say how the municipality ranks the safety of persons (R3, R139)."""
    if persons_rank == PersonsRank.HIGHEST:
        return _("The safety of persons is always ranked highest, so those risks stand first.")
    if persons_rank == PersonsRank.HIGH:
        return _("The safety of persons is always ranked high, so it decides between risks on the same level.")
    return _("The worst risks stand first.")
