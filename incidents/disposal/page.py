"""What the pages of retention and disposal tell: rules in force, proposals that one sees, and how far one has come."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.disposal.package import cited
from incidents.models import DisposalItem, DisposalProposal, IncidentKind, ProposalState, RetentionRule
from incidents.permissions import DECIDE_DISPOSAL, PROPOSE_DISPOSAL
from incidents.services.retaining import STANDING, may_decide, may_take_out
from notifications.models import JobState
from notifications.services import worker_is_running
from organisation import clock
from organisation.access import Scope
from organisation.models import Municipality, User
from organisation.pages.person import period_of

TONES = {
    ProposalState.PROPOSED: "wait",
    ProposalState.APPROVED: "go",
    ProposalState.REJECTED: "off",
    ProposalState.DONE: "done",
}


def rules_of(municipality: Municipality) -> "QuerySet[RetentionRule]":
    """Return the municipality's rules, ended ones too."""
    return RetentionRule.objects.filter(municipality=municipality).select_related("decided_by")


def told_rule(rule: RetentionRule) -> dict[str, Any]:
    """Return one rule in words."""
    today = clock.today()
    return {
        "kind": IncidentKind(rule.kind).label if rule.kind else _("All kinds without a rule of their own"),
        "kept": kept_for(rule),
        "cited": cited(rule, on_page=True),
        "period": period_of(rule.valid_from, rule.valid_to),
        "rule": rule,
        "in_force": rule.is_in_force(today),
        "ahead": rule.valid_from > today,
    }


def kept_for(rule: RetentionRule) -> str:
    """Return how long, in words."""
    if rule.keep_years is None:
        return _("For ever")
    return ngettext("%(years)s year", "%(years)s years", rule.keep_years) % {"years": rule.keep_years}


def proposals_seen(user: User) -> "QuerySet[DisposalProposal]":
    """Return the proposals of the bodies for which the person proposes, or records what was decided."""
    scope = Scope.of(user)
    seen = scope.condition(PROPOSE_DISPOSAL) | scope.condition(DECIDE_DISPOSAL)
    return DisposalProposal.objects.filter(seen).select_related("body__municipality", "municipality", "job")


def proposal_page(proposal: DisposalProposal, user: User) -> dict[str, Any]:
    """Return everything of one proposal's page but its list of cases."""
    counts = counts_of(proposal)
    proposes = Scope.of(user).allows(PROPOSE_DISPOSAL, proposal.body)
    decided = proposal.state != ProposalState.PROPOSED
    running = is_running(proposal)
    stopped = proposal.job is not None and proposal.job.state == JobState.PARKED
    return {
        "proposal": proposal,
        "tone": TONES[ProposalState(proposal.state)],
        "heading": _heading(proposal, counts),
        "facts": _facts(proposal, counts),
        "counts": counts,
        "job": progress_of(proposal, counts) if running else None,
        "stopped": stopped,
        "may_decide": not decided and may_decide(proposal, user),
        "may_keep": proposal.state in STANDING and proposal.job is None and may_take_out(proposal, user),
        "may_carry_out": proposes and proposal.state == ProposalState.APPROVED and not running,
        "may_fetch": proposes and bool(proposal.package),
    }


def is_running(proposal: DisposalProposal) -> bool:
    """Tell whether the disposal is under way, or waits for a worker."""
    return proposal.job is not None and proposal.job.state in (JobState.QUEUED, JobState.RUNNING)


def counts_of(proposal: DisposalProposal) -> dict[str, int]:
    """Return how many cases go, are gone, and are kept."""
    goes = proposal.items.filter(kept_reason="")
    return {
        "goes": goes.count(),
        "gone": goes.filter(disposed_at__isnull=False).count(),
        "kept": proposal.items.exclude(kept_reason="").count(),
    }


def progress_of(proposal: DisposalProposal, counts: dict[str, int]) -> dict[str, Any]:
    """Return what ``{% progress %}`` draws, read from rows."""
    here = reverse("incidents:disposal", args=[proposal.public_id])
    gone = _("Remove the cases: %(gone)s of %(goes)s are gone") % counts
    waits = _("No worker is running: the disposal waits until one comes.")
    return {
        "title": _("What is done"),
        "parts": [
            {"title": _("Make the archive package"), "done": bool(proposal.package)},
            {"title": gone, "done": counts["gone"] == counts["goes"]},
        ],
        "finished": not is_running(proposal),
        "failed": "",
        "waiting": "" if worker_is_running() else waits,
        "poll_url": here,
        "result_url": here,
        "result_text": _("See the log"),
    }


def told_item(item: DisposalItem) -> dict[str, Any]:
    """Return one case of a proposal in words."""
    return {
        "number": item.label,
        "kind": item.incident.get_kind_display(),
        "closed_on": item.closed_on,
        "cited": cited(item.rule, on_page=True),
        "kept": item.kept_reason,
        "disposed_at": item.disposed_at,
    }


def log_lines(proposal: DisposalProposal) -> Iterator[list[Any]]:
    """Yield the log of a disposal as rows of a file: what went, when and by which rule, and what was kept and why."""
    items = proposal.items.select_related("incident", "rule__decided_by").order_by("closed_on", "pk")
    for item in items.iterator(chunk_size=500):
        removed = "; ".join(f"{name}: {count}" for name, count in item.removed.items())
        gone = item.disposed_at.isoformat(timespec="seconds") if item.disposed_at else ""
        kind = item.incident.get_kind_display()
        yield [item.label, kind, item.closed_on, cited(item.rule), item.kept_reason, gone, removed]


def _heading(proposal: DisposalProposal, counts: dict[str, int]) -> str:
    count = counts["gone" if proposal.state == ProposalState.DONE else "goes"]
    words = {"count": count, "body": proposal.body.name}
    if proposal.state == ProposalState.DONE:
        told = ngettext("%(count)s case of %(body)s is gone", "%(count)s cases of %(body)s are gone", count)
    elif proposal.state == ProposalState.REJECTED:
        told = _("No case of %(body)s is disposed of: it was rejected")
    elif proposal.state == ProposalState.APPROVED:
        told = ngettext(
            "%(count)s case of %(body)s will be disposed of",
            "%(count)s cases of %(body)s will be disposed of",
            count,
        )
    else:
        told = ngettext(
            "%(count)s case of %(body)s has been kept long enough",
            "%(count)s cases of %(body)s have been kept long enough",
            count,
        )
    return told % words


def _facts(proposal: DisposalProposal, counts: dict[str, int]) -> list[dict[str, Any]]:
    day = date_format(localtime(proposal.proposed_at), "DATE_FORMAT")
    by = proposal.proposed_by.name if proposal.proposed_by else _("the portal, by the calendar")
    facts: list[tuple[str, Any]] = [
        (_("Proposed"), _("%(day)s by %(who)s") % {"day": day, "who": by}),
        (_("Decided by"), capfirst(proposal.get_approver_display())),
        (_("To be disposed of"), counts["goes"]),
        (_("Kept, with the reason"), counts["kept"]),
    ]
    if proposal.decided_on and proposal.decided_by:
        who = {"day": date_format(proposal.decided_on, "DATE_FORMAT"), "who": proposal.decided_by.name}
        facts += [
            (_("Decision"), _("%(day)s, recorded by %(who)s") % who),
            (_("Section of the minutes (§)"), proposal.paragraph),
            (_("Registry number"), proposal.registry_number),
        ]
        facts += [(_("Reason"), proposal.reason)] if proposal.reason else []
    if proposal.package:
        facts.append((_("Digest of the archive package (SHA-256)"), proposal.package_digest))
    return [{"key": key, "value": value} for key, value in facts]
