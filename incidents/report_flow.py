"""The report's three screens: the one that is enough, the questions of its kind, and all answers to check.

Nothing is kept between them but in the page: every screen carries what the others hold, hidden. So the flow works
without log-in and without script, an expired session loses nothing, and no text lies in a cookie or an address.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from incidents import services
from incidents.form_owner import UNNAMED, mark_for
from incidents.forms import DetailsForm, ReportForm
from incidents.models import Incident, IncidentKind
from incidents.reader import managers_of, reader_of
from incidents.services.codes import is_one_of_many
from organisation import clock
from organisation.employer import Acting
from organisation.form_keys import submission_key
from organisation.models import Body, User
from organisation.union.representatives import representatives_of

# Names of the second screen's answers begin so; the first screen's have none.
SECOND = f"{DetailsForm.prefix}-"
BUTTON = "go"
# Kinds that may be a matter for the municipality's whistleblowing channel, which this is not.
MAYBE_WHISTLEBLOWING = frozenset({IncidentKind.UNDUE_INFLUENCE, IncidentKind.ECONOMIC_CRIME})


@dataclass(frozen=True)
class Reporting:
    """One report on its way at ``body``, by ``person`` or, none, by somebody without log-in; ``sent`` is what came."""

    body: Body
    person: User | None
    sent: QueryDict

    @property
    def mark(self) -> str:
        """Whose form it is, signed."""
        return mark_for(self.person) if self.person else UNNAMED

    def first(self) -> ReportForm:
        """Return the first screen's form, to be judged."""
        return ReportForm(self.sent)

    def first_again(self) -> ReportForm:
        """Return the first screen's form as it was typed, not judged."""
        fields = ReportForm.base_fields.items()
        typed = {name: field.widget.value_from_datadict(self.sent, {}, name) for name, field in fields}
        return ReportForm(initial=typed | {"person": self.mark})

    def details(self, kind: str) -> DetailsForm:
        """Return the second screen's form for ``kind``, to be judged."""
        return DetailsForm(self.sent, **self._about(kind))

    def details_again(self, kind: str) -> DetailsForm:
        """Return the second screen's form as it was typed, not judged."""
        return DetailsForm.typed(self.sent, **self._about(kind))

    def _about(self, kind: str) -> dict[str, Any]:
        asked = services.set_for(self.body.municipality, kind)
        return {"asked": asked.with_more(self._typed()), "unnamed": self.person is None}

    def _typed(self) -> list[str]:
        """Return the keys of what has been answered, also while it was called something else."""
        return [name.removeprefix(SECOND) for name in second_of(self.sent)]

    def send(self, first: ReportForm, details: DetailsForm, *, address: str) -> Incident:
        """Send the report of two valid forms, from the network address ``address``. Raises ``DomainError``."""
        answers = {name: first.cleaned_data[name] for name in ReportForm.ANSWERS}
        unnamed = services.Unnamed()
        if self.person is None:
            unnamed = services.Unnamed(**details.said_of_self(), one_of_many=is_one_of_many(address=address))
        return services.report_incident(
            body=self.body,
            by=self.person,
            submission_key=key_of(first, self.sent),
            answers=details.answers(),
            unnamed=unnamed,
            **answers,
        )

    def page(self, **more: Any) -> dict[str, Any]:
        """Return what every screen tells, with ``more`` of its own; whose it is stands also without log-in."""
        town = self.body.municipality
        whose = {"body": self.body, "municipality": town, "is_demo": town.is_demo}
        return {**whose, "unnamed": self.person is None, "mark": self.mark, **more}

    def of_first(self) -> list[tuple[str, str]]:
        """Return name and value of what the first screen holds, for the hidden fields of another."""
        return list(_hidden(self.sent, _is_first))

    def of_second(self) -> list[tuple[str, str]]:
        """Return name and value of what the second screen holds, likewise."""
        return list(_hidden(self.sent, _is_second))


def key_of(first: ReportForm, sent: QueryDict) -> Any:
    """Return the key of what is sent: of the form and of all answers in it, whichever button sent them."""
    told = QueryDict(mutable=True)
    for name, values in sent.lists():
        if name != BUTTON:
            told.setlist(name, values)
    return submission_key(first.cleaned_data["submission_key"], told)


def second_of(sent: QueryDict) -> dict[str, list[str]]:
    """Return the second screen's answers as they were typed, for a draft."""
    return {name: values for name, values in sent.lists() if _is_second(name) and any(values)}


def _hidden(sent: QueryDict, belongs: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    for name, values in sent.lists():
        if belongs(name):
            yield from ((name, value) for value in values if value)


def _is_first(name: str) -> bool:
    return (name in ReportForm.base_fields and name != "person") or name.rpartition("_")[0] == "occurred_on"


def _is_second(name: str) -> bool:
    return name.startswith(SECOND)


def representatives_before(body: Body, person: User | None) -> list[str]:
    """Return the names of the safety representatives who are told that something has happened."""
    told = representatives_of(body, clock.today())
    return [one.person.name for one in told if one.person != person]


def reader_before(body: Body, person: User | None, *, not_the_manager: bool = False) -> Acting | None:
    """Return who would read what ``person`` is about to report at ``body``."""
    today = clock.today()
    passed = [person] if person else []
    if not_the_manager:
        passed += managers_of(body, person, today)
    return reader_of(body, passed, today)
