"""Groups beside the line: who sits in them, what they are asked, their meetings; and questions between chairs."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from actionplans.models import Measure, PlanShare, PlanVersion, VersionState
from followup.demo.bulk import append, dated, rewrite, write
from followup.demo.chance import Chance, days, texts
from followup.demo.people import Names, People, ascii_of
from organisation import clock
from organisation.models import (
    GROUPS,
    MEMBERSHIPS,
    Appointment,
    Assignment,
    Attendance,
    Body,
    BodyKind,
    GroupAction,
    GroupDecision,
    GroupMeeting,
    Municipality,
    Representation,
    Seat,
    SeatKind,
    User,
)

GROUP_SEATS = (SeatKind.GROUP_LEADER, *MEMBERSHIPS)
# Who convenes a group, the first that the municipality has.
CONVENERS = (
    SeatKind.SAFETY_COORDINATOR,
    SeatKind.CRIME_PREVENTION_STRATEGIST,
    SeatKind.HEAD_OF_SECURITY,
    SeatKind.CHIEF_EXECUTIVE,
)
OPERATIONS = (SeatKind.DEPARTMENT_COORDINATOR, SeatKind.HEAD, SeatKind.UNIT_MANAGER)
MEMBERS = 5
MET_AGO = (96, 20)
SHARED_FOR = 120


class GroupLife:
    """Invents the groups of one municipality: ``appoint`` their members first, then ``write`` what they have done."""

    def __init__(self, municipality: Municipality, year: int, people: People, password_hash: str) -> None:
        self.municipality, self.people, self.password_hash = municipality, people, password_hash
        # Draws of its own: what else the demo holds stays as it was.
        self.chance = Chance(f"{municipality.key}-{year}-groups")
        self.names = Names(municipality, self.chance)
        self.today, self.words = clock.today(), texts("groups")
        self.members: dict[int, list[User]] = {}
        self.outside: dict[int, list[User]] = {}
        self.leaders: dict[int, User] = {}

    def appoint(self) -> None:
        """Let people of the safety unit convene, coordinators and managers take part, and others come from outside."""
        seats = Seat.objects.in_force(self.today).filter(municipality=self.municipality, body__kind__in=GROUPS)
        seats = seats.filter(seat_type__kind__in=GROUP_SEATS).select_related("seat_type", "body")
        for seat in sorted(seats, key=lambda seat: (seat.body.key, seat.seat_type.kind, seat.seat_type.key)):
            if seat.seat_type.kind == SeatKind.GROUP_LEADER:
                self._appoint(seat, self._convener(seat.body))
            elif seat.seat_type.kind == SeatKind.GROUP_MEMBER:
                for person in self._from_operations(seat.body):
                    self._appoint(seat, person)
            else:
                self._appoint_from_outside(seat)

    def _convener(self, group: Body) -> User | None:
        kinds: tuple[SeatKind, ...] = CONVENERS
        if group.kind == BodyKind.CRISIS_COMMAND:
            kinds = (SeatKind.CHIEF_EXECUTIVE, *CONVENERS)
        elif group.kind == BodyKind.CRISIS_SUPPORT:
            kinds = (SeatKind.HEAD, *CONVENERS)
        return next((holders[0] for kind in kinds if (holders := self.people.holders(kind))), None)

    def _from_operations(self, group: Body) -> list[User]:
        wanted = [person for kind in OPERATIONS for person in self.people.holders(kind)]
        unique = list({person.pk: person for person in wanted if person != self.leaders.get(group.pk)}.values())
        return self.chance.some(unique, MEMBERS)

    def _appoint_from_outside(self, seat: Seat) -> None:
        """One from each outside party that the municipality names, at most two; else from two organisations by name."""
        parties = Body.objects.of(self.municipality).in_force(self.today).filter(kind=BodyKind.OUTSIDE_PARTY)
        by_name: list[Any] = sorted(parties, key=lambda body: body.key)[:2] or self.words["organisations"]
        for organisation in by_name:
            person = self._from_outside(getattr(organisation, "key", "") or ascii_of(organisation))
            appointment = self._appoint(seat, person)
            if appointment is not None:
                party = organisation if isinstance(organisation, Body) else None
                name = "" if party else organisation
                began = self.chance.moment(appointment.valid_from)
                spoken = Representation(municipality=self.municipality, appointment=appointment, party=party, name=name)
                write([dated(spoken, began)])

    def _from_outside(self, organisation: str) -> User:
        """Invent somebody with an address of their own organisation (its key)."""
        name, _email = self.names.next()
        domain = f"{organisation}.{self.municipality.key}.example.se".replace("_", "-")
        began = self.chance.moment(self._ago(400))
        person = User(
            municipality=self.municipality,
            name=name,
            email=f"{ascii_of(name)}@{domain}",
            password=self.password_hash,
            public_id=self.chance.public_id(began),
        )
        self.people.everyone.append(person)
        return write([dated(person, began)])[0]

    def _appoint(self, seat: Seat, person: User | None) -> Appointment | None:
        if person is None:
            return None
        first = max(self._ago(self.chance.number(150, 400)), seat.valid_from, seat.body.valid_from)
        began = self.chance.moment(first)
        appointment = Appointment(
            municipality=self.municipality,
            public_id=self.chance.public_id(began),
            seat=seat,
            person=person,
            valid_from=first,
        )
        kept = self.outside if seat.seat_type.kind == SeatKind.OUTSIDE_MEMBER else self.members
        kept.setdefault(seat.body_id, []).append(person)
        if seat.seat_type.kind == SeatKind.GROUP_LEADER:
            self.leaders[seat.body_id] = person
        return write([dated(appointment, began)])[0]

    def write(self) -> int:
        """Write assignments and meetings of each group that somebody convenes; return how many groups there are."""
        groups = Body.objects.of(self.municipality).filter(pk__in=self.leaders)
        met = sorted(groups, key=lambda body: body.key)
        for group in met:
            self._ask(group)
            for number, ago in enumerate(MET_AGO):
                self._meet(group, self._ago(ago), self.words["meetings"][number], is_last=ago == MET_AGO[-1])
        self._share_a_plan(met)
        return len(met)

    def _ask(self, group: Body) -> None:
        """Two open assignments and one that is done."""
        asked = self.chance.some(self.words["assignments"], 2)
        given = self._ago(150)
        dues = (self.today + days(30), self.today + days(60))
        rows = [self._assignment(group, words, given, due) for words, due in zip(asked, dues, strict=True)]
        done = self._assignment(group, self.words["done"], given, due=self._ago(30))
        done.done_on, done.outcome = self._ago(41), self.words["done"]["outcome"]
        write([dated(row, self.chance.moment(given), self.leaders[group.pk]) for row in (*rows, done)])

    def _assignment(self, group: Body, words: dict[str, Any], given: date, due: date) -> Assignment:
        return Assignment(
            municipality=self.municipality,
            public_id=self.chance.public_id(self.chance.moment(given)),
            body=group,
            kind=words["kind"],
            title=words["title"],
            text=words["text"],
            given_by=words["given_by"],
            given_on=given,
            due_on=due,
            submission_key=self.chance.key(),
        )

    def _meet(self, group: Body, on: date, words: dict[str, Any], *, is_last: bool) -> None:
        at, leader = self.chance.moment(on), self.leaders[group.pk]
        meeting = GroupMeeting(
            municipality=self.municipality,
            public_id=self.chance.public_id(at),
            body=group,
            held_on=on,
            place=words["place"],
            notes=words["notes"].strip(),
            written_by=leader,
            submission_key=self.chance.key(),
        )
        write([dated(meeting, at, leader)])
        present = {person.pk: person for person in (leader, *self._everyone_in(group))}
        tie: dict[str, Any] = {"municipality": self.municipality, "meeting": meeting}
        write([dated(Attendance(**tie, person=person), at, leader) for person in present.values()])
        decisions = [GroupDecision(**tie, text=text, position=n) for n, text in enumerate(words["decisions"])]
        write([dated(row, at, leader) for row in decisions])
        write([dated(row, at, leader) for row in self._actions(group, tie, words["actions"], on, is_last=is_last)])
        if is_last:
            self._make_a_measure(meeting)

    def _everyone_in(self, group: Body) -> list[User]:
        return [*self.members.get(group.pk, ()), *self.outside.get(group.pk, ())]

    def _actions(
        self, group: Body, tie: dict[str, Any], texts_: Iterable[str], on: date, *, is_last: bool
    ) -> list[GroupAction]:
        """The convener does the first, somebody from outside the second; those of an earlier meeting are done."""
        doers = [self.leaders[group.pk], *self.outside.get(group.pk, ()), *self.members[group.pk]]
        return [
            GroupAction(
                **tie,
                public_id=self.chance.public_id(self.chance.moment(on)),
                what=what,
                person=doers[number % len(doers)],
                due_on=on + timedelta(days=30),
                done_on=None if is_last else on + timedelta(days=21),
                note="" if is_last else self.words["done_note"],
                position=number,
            )
            for number, what in enumerate(texts_)
        ]

    def _make_a_measure(self, meeting: GroupMeeting) -> None:
        """One action has become a measure of a plan that is under work."""
        drafts = Measure.objects.filter(municipality=self.municipality, version__state=VersionState.DRAFT)
        measure = drafts.filter(from_action__isnull=True).order_by("plan__year", "plan__body__key", "position").first()
        if measure is None:
            return
        leader, at = self.leaders[meeting.body_id], self.chance.moment(meeting.held_on)
        action = GroupAction(
            municipality=self.municipality,
            public_id=self.chance.public_id(at),
            meeting=meeting,
            what=measure.what,
            position=len(self.words["meetings"][-1]["actions"]),
        )
        (action,) = write([dated(action, at, leader)])
        measure.from_action = action
        rewrite([dated(measure, at, leader)], "from_action")

    def _share_a_plan(self, groups: Iterable[Body]) -> None:
        """A plan in force is shared with the first group that people from outside sit in."""
        group = next((group for group in groups if self.outside.get(group.pk)), None)
        version = PlanVersion.objects.in_force(self.today).filter(municipality=self.municipality)
        shared = version.select_related("plan").order_by("plan__body__key", "-plan__year").first()
        if group is None or shared is None:
            return
        share = PlanShare(
            content_object=shared.plan,
            group=group,
            reason=self.words["share_reason"],
            given_by=self.leaders[group.pk],
            valid_from=self._ago(20),
            valid_to=self.today + days(SHARED_FOR),
        )
        append(PlanShare, [share])

    def _ago(self, count: int) -> date:
        return self.today - days(count)
