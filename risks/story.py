"""What one risk's page tells: its judgements, its consequences side by side, and who changed what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organisation.models import User
from risks.models import Assessment, Horizon, Risk, Serious, Stage

TOLD_FIELDS = ("title", "description", "body", "area", "protected_value", "horizon", "serious")
MOST_CHANGES = 30


@dataclass(frozen=True)
class ConsequenceRow:
    """One dimension, and for each stage its name and how the consequence was judged, in the words of that scale."""

    name: str
    steps: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Consequences:
    """The newest judgement of each stage, side by side."""

    stages: Sequence[Assessment]
    rows: Sequence[ConsequenceRow]


@dataclass(frozen=True)
class Told:
    """One thing that happened to a risk, for the timeline."""

    at: datetime
    title: str
    who: str
    text: str = ""

    @property
    def when(self) -> str:
        return date_format(timezone.localtime(self.at), "DATETIME_FORMAT")


def consequences_of(latest: Mapping[str, Assessment]) -> Consequences:
    """Return the consequences per dimension of the newest judgements; uses prefetched consequences."""
    stages = [latest[stage] for stage in (Stage.BEFORE, Stage.AFTER, Stage.TARGET) if stage in latest]
    judged = [
        {row.dimension: assessment.scale.consequence[row.level - 1] for row in assessment.consequences.all()}
        for assessment in stages
    ]
    dimensions = sorted({dimension for steps in judged for dimension in steps}, key=lambda row: (row.position, row.pk))
    names = [assessment.get_stage_display() for assessment in stages]
    rows = [
        ConsequenceRow(
            str(dimension), [(name, steps.get(dimension, "")) for name, steps in zip(names, judged, strict=True)]
        )
        for dimension in dimensions
    ]
    return Consequences(stages=stages, rows=rows)


def story_of(risk: Risk) -> list[Told]:
    """Return what has happened to ``risk``, newest first: states with reasons, and changed fields with both values."""
    told = [*_states(risk), *_changes(risk)]
    return sorted(told, key=lambda event: event.at, reverse=True)


def _states(risk: Risk) -> Iterable[Told]:
    for status in risk.statuses.select_related("by"):
        if not status.from_state:
            title = _("Logged")
        elif status.to_state == "closed":
            title = _("Closed")
        else:
            title = _("Opened again")
        yield Told(status.at, title, str(status.by), status.reason)


def _changes(risk: Risk) -> Iterable[Told]:
    records = list(risk.history.select_related("history_user").order_by("-history_date", "-history_id")[:MOST_CHANGES])
    for newer, older in zip(records, records[1:], strict=False):
        delta = newer.diff_against(older, included_fields=TOLD_FIELDS, foreign_keys_are_objs=True)
        if delta.changes:
            lines = [_line(change) for change in delta.changes]
            who = newer.history_user.name if isinstance(newer.history_user, User) else ""
            yield Told(newer.history_date, _("Changed"), who, "\n".join(lines))


def _line(change: Any) -> str:
    values = {"field": field_word(change.field), "old": _value(change.field, change.old)}
    return _("%(field)s: “%(old)s” became “%(new)s”") % {**values, "new": _value(change.field, change.new)}


def _value(name: str, value: Any) -> str:
    choices = {"horizon": Horizon.choices, "serious": Serious.choices}.get(name, [])
    shown = dict(choices).get(value, value)
    return _("not stated") if shown in (None, "") else str(shown)


def field_word(name: str) -> str:
    """Return the word that the forms use for a field of a risk."""
    return {
        "title": _("What can happen"),
        "description": _("More about the risk"),
        "body": _("Unit"),
        "area": _("Area"),
        "protected_value": _("What is worth protecting"),
        "horizon": _("When"),
        "serious": _("Serious risk (AFS)"),
        "grounds": _("Cases"),
        "likelihood": _("Likelihood"),
        "consequence": _("Consequence"),
    }[name]
