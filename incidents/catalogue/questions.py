"""Every question that a report can ask: its stable key, its type, how its answer is kept, and where it is counted.

The keys are for ever: answers, clock rules and figures are written with them. A municipality's set of questions
chooses among these, orders and words them, and adds free ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.models import Affected, EventChannel, Identity, Injury, InjuryDegree, OtherParty, Place, PoliceReport

# Named here, since a question has a type of its own.
Choices = type[TextChoices]

# The key of a question that a municipality has added; always answered in own words.
FREE = "free_"


class Type(Enum):
    """How a question is answered."""

    CHOICE = "choice"
    SEVERAL = "several"
    YES_NO = "yes_no"
    COUNT = "count"
    TIME = "time"
    WORDS = "words"
    LINE = "line"


class Kept(Enum):
    """How an answer is kept, which says who may read it.

    ``OPEN``: by all who see the case. ``NARRATIVE``: by those who may read its text. ``IDENTITY``: by those who handle
    it.
    """

    OPEN = "open"
    NARRATIVE = "narrative"
    IDENTITY = "identity"


class Group(StrEnum):
    """Where on the second screen a question stands: at once, or folded until it is wanted."""

    MAIN = "main"
    INJURED = "injured"
    MORE = "more"


class Expression(TextChoices):
    """How threats or violence were expressed."""

    VERBAL = "verbal", _("In words")
    PHYSICAL = "physical", _("Physically")
    OBJECT = "object", _("With an object or a weapon")
    SEXUAL = "sexual", _("Sexually")
    PROPERTY = "property", _("Against property")
    NEXT_OF_KIN = "next_of_kin", _("Against next of kin")


class DoneAtOnce(TextChoices):
    """What was done at once."""

    CALLED_HELP = "called_help", _("Help was called")
    COLLEAGUE = "colleague", _("A colleague came")
    LEFT = "left", _("Somebody left the place")
    FIRST_AID = "first_aid", _("First aid was given")
    CLOSED_OFF = "closed_off", _("The place was closed off")
    OTHER = "other", _("Something else")


class Alarm(TextChoices):
    """Whether an alarm was used."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    FAILED = "failed", _("Yes, but it did not work")
    MISSING = "missing", _("There is no alarm")
    UNSAID = "unsaid", _("Don't know, or rather not say")


class Care(TextChoices):
    """Which care was needed."""

    NONE = "none", pgettext_lazy("care", "None")
    ON_SITE = "on_site", _("On the spot")
    HEALTH_CENTRE = "health_centre", _("Health centre or dentist")
    HOSPITAL = "hospital", _("Hospital")
    UNSAID = "unsaid", _("Don't know, or rather not say")


class CrisisSupport(TextChoices):
    """Whether support was offered, as the reporter sees it."""

    WANTED = "wanted", _("I want support")
    OFFERED = "offered", _("Support has been offered")
    GIVEN = "given", _("Support has been given")
    DECLINED = "declined", _("Support is not wanted now")
    UNSAID = "unsaid", _("Don't know, or rather not say")


@dataclass(frozen=True)
class Question:
    """One question of the catalogue.

    ``column`` is the field of the case that keeps the answer when it is counted or starts a clock; ``choices`` the
    answers to choose among; ``role`` whose name it asks for, when it is kept as an identity, and ``part`` which part
    of it.
    """

    key: str
    type: Type
    label: str | Promise
    kept: Kept = Kept.OPEN
    column: str = ""
    choices: Choices | None = None
    hint: str | Promise = ""
    role: str = ""
    part: str = ""

    @property
    def values(self) -> frozenset[str]:
        """The values of its choices."""
        return frozenset(self.choices.values) if self.choices else frozenset()

    def word_of(self, value: str) -> str:
        """Return what one of its choices is called; the value itself when it is none."""
        return str(self.choices(value).label) if self.choices and value in self.values else value


def _counted(key: str, kind: Type, label: str | Promise, **more: object) -> Question:
    return Question(key, kind, label, column=key, **more)  # type: ignore[arg-type]


def _all() -> Iterable[Question]:
    yield _counted("wants_contact", Type.YES_NO, _("Do you want someone to contact you?"))
    yield _counted("occurred_at", Type.TIME, _("What time was it?"), hint=_("For example 14.30. About is enough."))
    yield _counted("place", Type.CHOICE, _("Where did it happen?"), choices=Place)
    yield _counted("event_channel", Type.CHOICE, _("How did it reach the one affected?"), choices=EventChannel)
    yield _counted("affected", Type.CHOICE, _("Who was affected?"), choices=Affected)
    yield _counted(
        "other_party",
        Type.CHOICE,
        _("Who was the other party?"),
        choices=OtherParty,
        hint=_("Only what kind of person, never a name. If it was your manager, the manager does not get to see it."),
    )
    yield _counted("injury", Type.CHOICE, _("Was anyone injured?"), choices=Injury)
    yield _counted("injury_degree", Type.CHOICE, _("How grave is the injury?"), choices=InjuryDegree)
    yield _counted("injured_count", Type.COUNT, _("How many were injured?"))
    yield _counted("absence_days", Type.COUNT, _("How many days away from work?"), hint=_("About is enough."))
    yield _counted("working_alone", Type.YES_NO, _("Was the one affected working alone?"))
    yield _counted("happened_before", Type.YES_NO, _("Has it happened before?"))
    yield _counted("threat_remains", Type.YES_NO, _("Does the threat remain?"))
    yield _counted("police_report", Type.CHOICE, _("Have the police been told?"), choices=PoliceReport)
    yield Question("expression", Type.SEVERAL, _("How was it expressed?"), choices=Expression)
    yield Question("done_at_once", Type.SEVERAL, _("What was done at once?"), choices=DoneAtOnce)
    yield Question("alarm_used", Type.CHOICE, _("Was an alarm used?"), choices=Alarm)
    yield Question("care", Type.CHOICE, _("Was care needed?"), choices=Care)
    yield Question("crisis_support", Type.CHOICE, _("How about support?"), choices=CrisisSupport)
    yield Question("safety_representative_told", Type.YES_NO, _("Does the safety representative know?"))
    yield Question(
        "serious_danger",
        Type.YES_NO,
        _("Could somebody have died or been badly hurt?"),
        hint=_("Also when nobody was hurt this time."),
    )
    yield Question(
        "personal_data",
        Type.YES_NO,
        _("May personal data have come into the wrong hands, or been lost?"),
        hint=_("For example a lost phone, or a mail to the wrong person."),
    )
    yield Question(
        "significant_it",
        Type.YES_NO,
        _("Did it disturb a digital system that others depend on?"),
    )
    yield Question("damaged", Type.WORDS, _("What was damaged, taken or disturbed?"), kept=Kept.NARRATIVE)
    yield Question("course", Type.WORDS, _("What led up to it?"), kept=Kept.NARRATIVE)
    yield Question("proposal", Type.WORDS, _("What could make it safer?"), kept=Kept.NARRATIVE)
    yield Question("exact_place", Type.LINE, _("Exactly where?"), kept=Kept.NARRATIVE)
    yield Question("police_number", Type.LINE, _("The number of the police report"), kept=Kept.NARRATIVE)
    yield _named("affected_name", _("Name of the one affected"), Identity.Role.AFFECTED)
    yield _named("witness_name", _("Name of somebody who saw it"), Identity.Role.WITNESS)


def _named(key: str, label: str | Promise, role: str) -> Question:
    hint = _("Optional. Not of clients or relatives. Seen only by those who handle the case.")
    return Question(key, Type.LINE, label, kept=Kept.IDENTITY, role=role, part="name", hint=hint)


CATALOGUE: Mapping[str, Question] = {question.key: question for question in _all()}

# What the clocks are computed from, whatever heading the reporter chose (AML 3:3a, SFB 42:10, GDPR art. 33, 2025:1506).
FOR_CLOCKS: Sequence[str] = (
    "affected",
    "injury",
    "injury_degree",
    "injured_count",
    "serious_danger",
    "personal_data",
    "significant_it",
)
# What is counted each year, and what decides who reads.
FOR_STATISTICS: Sequence[str] = ("affected", "injury", "place", "absence_days")
FOR_ROUTING: Sequence[str] = ("other_party", "wants_contact")
REQUIRED: frozenset[str] = frozenset((*FOR_CLOCKS, *FOR_STATISTICS, *FOR_ROUTING))
