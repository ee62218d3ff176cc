"""The unions' representatives with mandates, requests and stops; a case and a plan that are shared with one person."""

from datetime import date, datetime, timedelta
from typing import Any

from actionplans.models import PlanVersion, VersionState
from actionplans.sharing import PLANS
from followup.demo.bulk import append, dated, write
from followup.demo.chance import Chance, days, texts
from followup.demo.people import People
from incidents.models import Incident, IncidentState, IncidentStatus
from incidents.sharing import CASES
from organisation import clock
from organisation.employer import who_acts
from organisation.models import (
    Appointment,
    AreaBody,
    BodyKind,
    Mandate,
    Municipality,
    NumberSeries,
    RequestState,
    RequestStatus,
    Seat,
    SeatKind,
    User,
    WorkEnvironmentRequest,
    WorkStop,
)
from organisation.roster import Roster
from organisation.sharing import Shareable, crosses_authorities, write_grants
from organisation.union.asked import ANSWERS

# Days ago that the requests of the text came in, and that work was stopped; the oldest has the lowest number.
FILED_AGO, STOPPED_AGO = (75, 40, 11), (60, 1)
ANSWERED_AFTER, LIFTED_AFTER = 9, 2
SHARED_FOR = 60


class Unions:
    """Invents what the unions have notified and asked for; ``write`` writes it."""

    def __init__(self, municipality: Municipality, year: int, people: People) -> None:
        self.municipality, self.people = municipality, people
        # Draws of its own: what else the demo holds stays as it was.
        self.chance = Chance(f"{municipality.key}-{year}-union")
        self.today, self.words = clock.today(), texts("union")
        self.roster = Roster(municipality, self.today)

    def write(self) -> int:
        """Write all of it; return how many representatives there are."""
        self._appoint_chief()
        held = list(
            Appointment.objects.in_force(self.today)
            .filter(municipality=self.municipality, seat__seat_type__kind=SeatKind.SAFETY_REPRESENTATIVE)
            .with_seat()
            .order_by("pk")
        )
        self._record_notices(held)
        at_units = [one for one in held if one.seat.body.kind == BodyKind.UNIT and self._manager(one)]
        if at_units:
            self._file_requests(at_units)
            self._stop_work(at_units)
        return len(held)

    def _appoint_chief(self) -> None:
        """The chief representative's seat stands at the board; the area is every department and company."""
        seat = (
            Seat.objects.in_force(self.today)
            .filter(municipality=self.municipality, seat_type__kind=SeatKind.CHIEF_SAFETY_REPRESENTATIVE)
            .first()
        )
        candidates = self.people.holders(SeatKind.SAFETY_REPRESENTATIVE)
        if seat is None or not candidates:
            return
        began = self.chance.moment(self._ago(400))
        chief = Appointment(municipality=self.municipality, seat=seat, person=candidates[0], valid_from=self._ago(400))
        (appointment,) = write([dated(chief, began)])
        kinds = (BodyKind.DEPARTMENT, BodyKind.COMPANY)
        bodies = {one.body for one in self.people.seats if one.body.kind in kinds}
        self._give_area(appointment, sorted(bodies, key=lambda body: body.key))
        self._record_notices([appointment])

    def _give_area(self, appointment: Appointment, bodies: list[Any]) -> None:
        began = self.chance.moment(max(appointment.valid_from, self._ago(400)))
        parts = [
            AreaBody(
                municipality=self.municipality, appointment=appointment, body=body, valid_from=appointment.valid_from
            )
            for body in bodies
        ]
        write([dated(part, began) for part in parts])

    def _record_notices(self, held: list[Appointment]) -> None:
        notices = [
            Mandate(
                municipality=self.municipality,
                appointment=one,
                union=self.chance.one(self.words["unions"]),
                notified_on=one.valid_from,
            )
            for one in held
        ]
        write([dated(notice, self.chance.moment(self._ago(400))) for notice in notices])

    def _manager(self, mandate: Appointment) -> User | None:
        acting = who_acts(mandate.seat.body, self.today, but_not=mandate.person, roster=self.roster)
        return acting.person if acting else None

    def _file_requests(self, mandates: list[Appointment]) -> None:
        promise = days(self.municipality.rules(self.today).request_answer_days)
        steps: list[RequestStatus] = []
        for place, (said, ago) in enumerate(zip(self.words["requests"], FILED_AGO, strict=True)):
            mandate = mandates[place % len(mandates)]
            at = self.chance.moment(self._ago(ago))
            request = WorkEnvironmentRequest(
                **self._numbered(WorkEnvironmentRequest.LETTER, at),
                body=mandate.seat.body,
                appointment=mandate,
                wanted=said["wanted"],
                text=said["text"],
                reason=said["reason"],
                filed_at=at,
                answer_by=self._ago(ago) + promise,
                submission_key=self.chance.key(),
            )
            by, answered = self._answer(request, said, at)
            write([dated(request, answered, by)])
            steps.append(RequestStatus(request=request, to_state=RequestState.FILED, by=mandate.person, at=at))
            if request.answered_by is not None:
                steps.append(
                    RequestStatus(
                        request=request, from_state=RequestState.FILED, to_state=request.state, by=by, at=answered
                    )
                )
        append(RequestStatus, steps)

    def _answer(self, request: WorkEnvironmentRequest, said: dict[str, Any], at: datetime) -> tuple[User, datetime]:
        """Let the manager answer where the text says so; return who wrote the row last, and when."""
        manager = self._manager(request.appointment)
        if said["outcome"] not in ANSWERS or manager is None:
            return request.appointment.person, at
        answered = at + timedelta(days=ANSWERED_AFTER)
        request.state, request.answer = said["outcome"], " ".join(said["answer"].split())
        request.answered_by, request.answered_at = manager, answered
        return manager, answered

    def _stop_work(self, mandates: list[Appointment]) -> None:
        for place, (said, ago) in enumerate(zip(self.words["stops"], STOPPED_AGO, strict=True)):
            mandate = mandates[-1 - place % len(mandates)]
            at = self.chance.moment(self._ago(ago))
            stop = WorkStop(
                **self._numbered(WorkStop.LETTER, at),
                body=mandate.seat.body,
                appointment=mandate,
                work=said["work"],
                reason=said["reason"],
                text=said["text"],
                stopped_at=at,
                recorded_at=at,
                submission_key=self.chance.key(),
            )
            last = at
            if "because" in said:
                last = at + timedelta(days=LIFTED_AFTER)
                stop.lifted_at, stop.lifted_by = last, mandate.person
                stop.lifted_how, stop.lifted_because = WorkStop.Lifting.AGREED, said["because"]
            write([dated(stop, last, mandate.person)])

    def _numbered(self, letter: str, at: datetime) -> dict[str, Any]:
        series, _made = NumberSeries.objects.get_or_create(municipality=self.municipality, series=letter, year=at.year)
        series.last += 1
        series.save()
        identity = {"municipality": self.municipality, "public_id": self.chance.public_id(at)}
        return identity | {"year": at.year, "number": series.last}

    def _ago(self, count: int) -> date:
        return self.today - days(count)


def share_one_case_and_one_plan(municipality: Municipality, people: People) -> None:
    """A manager shares a case, and a coordinator a plan, with somebody of another authority."""
    case = (
        Incident.objects.of(municipality)
        .filter(state=IncidentState.READ)
        .select_related("body")
        .order_by("-reported_at")
        .first()
    )
    version = (
        PlanVersion.objects.filter(municipality=municipality, state=VersionState.SUBMITTED)
        .select_related("plan__body")
        .first()
    )
    if case is not None:
        by = case.statuses.filter(to_state=IncidentState.READ).select_related("by").first()
        receiver = _somebody_else(people, SeatKind.UNIT_MANAGER, case.body)
        if by is not None and by.by is not None and receiver is not None:
            _grant(CASES, case, receiver, by.by, "Något liknande har hänt där. De vill se vad vi har lärt oss.")
            change = IncidentStatus.Change.SHARED
            case.statuses.create(change=change, from_state=case.state, to_state=case.state, by=by.by, at=clock.now())
    if version is not None and version.submitted_by is not None:
        receiver = _somebody_else(people, SeatKind.UNIT_MANAGER, version.plan.body)
        if receiver is not None:
            _grant(PLANS, version.plan, receiver, version.submitted_by, "En av åtgärderna görs tillsammans.")


def _somebody_else(people: People, kind: str, body: Any) -> User | None:
    found = (person for person in people.holders(kind) if crosses_authorities(person, body))
    return next(found, None)


def _grant(shareable: Shareable, obj: Any, person: User, by: User, reason: str) -> None:
    today = clock.today()
    write_grants(
        shareable.grant_model,
        obj,
        person,
        shareable.permissions,
        reason=reason,
        assessment="Uppgifterna nämner ingen enskild. Sekretess hindrar inte att de lämnas.",
        given_by=by,
        valid_from=today,
        valid_to=today + days(SHARED_FOR),
    )
