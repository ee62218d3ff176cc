"""One invented person per role, and what is worth trying as each."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actionplans.models import PlanVersion, VersionState
from incidents.models import Identity, Incident, IncidentState
from organisation import clock
from organisation.models import Appointment, BodyClosure, BodyKind, Municipality, SeatKind, User


@dataclass(frozen=True)
class ToTry:
    """A person to log in as, the seat's title and body, and what to try."""

    title: str
    body: str
    name: str
    email: str
    what: str


Where = Callable[["Demo"], Iterable[int]]


@dataclass(frozen=True)
class Role:
    """A kind of seat, at which bodies it is best shown, and what to try with it (filled with ``Demo.facts``)."""

    kind: str
    what: str | Promise
    where: Where = lambda demo: ()


class Demo:
    """What stands in one demo municipality today that somebody could go on with."""

    def __init__(self, municipality: Municipality) -> None:
        self.municipality = municipality
        held = Appointment.objects.in_force(clock.today()).filter(
            municipality=municipality, person__is_active=True, is_deputy=False
        )
        self.held = list(held.with_seat().order_by("pk"))
        self.plans = {state: self._plan(state) for state in VersionState}
        self.case = self._case()
        self.facts = {
            "submitted": self._title(VersionState.SUBMITTED),
            "draft": self._title(VersionState.DRAFT),
            "referred_back": self._title(VersionState.REFERRED_BACK),
            "case": self.case.label if self.case else "–",
        }

    def _plan(self, state: str) -> PlanVersion | None:
        versions = PlanVersion.objects.filter(municipality=self.municipality, state=state)
        return versions.select_related("plan").order_by("plan__year", "pk").first()

    def _title(self, state: VersionState) -> str:
        version = self.plans[state]
        return version.plan.title if version else "–"

    def _case(self) -> Incident | None:
        """A new case at a body that has a manager, so that somebody can read it."""
        managed = [one.seat.body_id for one in self.held if one.seat.seat_type.kind == SeatKind.UNIT_MANAGER]
        new = Incident.objects.of(self.municipality).filter(state=IncidentState.NEW, body__in=managed)
        reporters = Identity.objects.filter(person__in=[one.person_id for one in self.held]).values("incident")
        return new.filter(pk__in=reporters).order_by("-reported_at").first()

    def plans_body(self, state: VersionState) -> list[int]:
        """The body whose plan is in the state."""
        version = self.plans[state]
        return [version.plan.body_id] if version else []

    def below(self, state: VersionState) -> list[int]:
        """The bodies below the one whose plan is in the state: those that prepare it."""
        above = self.plans_body(state)
        return list(BodyClosure.objects.filter(ancestor__in=above).values_list("descendant_id", flat=True))

    def at_the_case(self) -> list[int]:
        """The workplace of the new case."""
        return [self.case.body_id] if self.case else []

    def at_the_board(self) -> list[int]:
        """The executive board."""
        return [one.seat.body_id for one in self.held if one.seat.body.kind == BodyKind.BOARD]

    def reporter(self) -> User | None:
        """Who reported the new case."""
        if self.case is None:
            return None
        found = self.case.identities.filter(role=Identity.Role.REPORTER).select_related("person").first()
        return found.person if found else None


ROLES = (
    Role(SeatKind.SAFETY_COORDINATOR, _("Follow all committees, start the yearly report.")),
    Role(SeatKind.HEAD_OF_SECURITY, _("Follow all committees, start the yearly report.")),
    Role(
        SeatKind.DEPARTMENT_COORDINATOR,
        _("Go on with the draft “%(draft)s”."),
        lambda demo: demo.below(VersionState.DRAFT),
    ),
    Role(
        SeatKind.SECRETARY,
        _("Record what the meeting decides on “%(submitted)s”."),
        lambda demo: demo.plans_body(VersionState.SUBMITTED),
    ),
    Role(
        SeatKind.MEMBER,
        _("Read “%(submitted)s” before the meeting."),
        lambda demo: demo.plans_body(VersionState.SUBMITTED),
    ),
    Role(
        SeatKind.HEAD,
        _("Go on with “%(referred_back)s”, which was referred back."),
        lambda demo: demo.below(VersionState.REFERRED_BACK),
    ),
    Role(SeatKind.UNIT_MANAGER, _("Read the new report %(case)s and answer it."), Demo.at_the_case),
    Role(
        SeatKind.EMPLOYEE,
        _("Report something from your workplace, and see the answer under your own reports."),
        Demo.at_the_case,
    ),
    Role(SeatKind.UNIT_OMBUD, _("Log a risk at your workplace."), Demo.at_the_case),
    Role(
        SeatKind.SAFETY_REPRESENTATIVE,
        _("See what happens in your area, without names; ask the employer for something, or stop dangerous work."),
        Demo.at_the_case,
    ),
    Role(SeatKind.CHIEF_SAFETY_REPRESENTATIVE, _("Record whom the union has appointed, and for which area.")),
    Role(SeatKind.CHAIR, _("As chair of the board: follow all committees' plans and risks."), Demo.at_the_board),
    Role(SeatKind.CHIEF_EXECUTIVE, _("See the whole municipality and start the yearly report.")),
    Role(SeatKind.OUTSIDE_MEMBER, _("See your group, the notes of its meetings and the plan that is shared with it.")),
    Role(SeatKind.ADMINISTRATOR, _("Import people from a file, let somebody leave, and see what is handed over.")),
)


def people_to_try(municipality: Municipality) -> Iterator[ToTry]:
    """One person for each role that the municipality has somebody in, where there is something to do."""
    demo = Demo(municipality)
    for role in ROLES:
        found = _holder(demo, role)
        if found is not None:
            seat, person = found.seat, found.person
            what = str(role.what) % demo.facts
            yield ToTry(seat.seat_type.title, seat.body.name, person.name, person.email, what)


def _holder(demo: Demo, role: Role) -> Appointment | None:
    best, reporter = set(role.where(demo)), demo.reporter()
    of_kind = [one for one in demo.held if one.seat.seat_type.kind == role.kind]
    fitting = [one for one in of_kind if one.seat.body_id in best]
    if role.kind == SeatKind.EMPLOYEE:  # an employee and nothing else; whoever reported has an answer to wait for
        seats = Counter(one.person_id for one in demo.held)
        fitting.sort(key=lambda one: (seats[one.person_id], one.person != reporter))
    else:  # a manager never answers an own report
        fitting.sort(key=lambda one: one.person == reporter)
    return next(iter(fitting or of_kind), None)


def let_in_by(password: str, municipality: Municipality) -> None:
    """See to it that the demo's people log in with ``password``, also when it has been lost or changed since."""
    people = User.objects.filter(municipality=municipality, is_active=True)
    first = people.order_by("pk").first()
    if municipality.is_demo and first is not None and not check_password(password, first.password):
        people.update(password=make_password(password))
