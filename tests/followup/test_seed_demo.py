"""The demo year: believable, whole as the services would have left it, written once, and never among real people."""

import datetime as dt
import stat
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.test import Client

from actionplans.models import Measure, Plan, PlanDecision, PlanShare, PlanStatus, PlanVersion, VersionState
from actionplans.models import MeasureStatus as MeasureNote
from actionplans.services.decisions import record_decision
from actionplans.services.submission import missing_in, submit_plan
from actionplans.transitions import MEASURE, VERSION
from followup.demo import DemoRefused, seed_demo
from followup.demo.password import demo_password, kept_in
from followup.demo.to_try import people_to_try
from incidents.models import (
    CaseTask,
    Claim,
    Consequence,
    FundEntry,
    Identity,
    Incident,
    IncidentCounter,
    IncidentKind,
    IncidentState,
    IncidentStatus,
    Message,
    Narrative,
    NoticeState,
    StatutoryNotice,
    SupportOffer,
)
from incidents.models import Outcome as TellsTheUnit
from incidents.permissions import HANDLE_INCIDENT, KEEP_FUND
from incidents.services import close_case, open_case
from incidents.transitions import may_become
from organisation import clock
from organisation.access import Scope
from organisation.decisions import Minutes
from organisation.loading import load_files
from organisation.models import (
    Appointment,
    Assignment,
    BodyClosure,
    CoordinationMatter,
    Decision,
    GroupMeeting,
    Meeting,
    Municipality,
    Outcome,
    Seat,
    SeatKind,
    User,
)
from organisation.roles import kinds_with
from risks.models import DERIVED, Assessment, Risk, RiskCounter, Scale
from risks.ranking import derived_columns
from risks.services import latest_by_stage
from tests.factories.organisation import make_user

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "organisation" / "municipalities").glob("*.yaml"))
EXEMPELBY = ROOT / "tests" / "data" / "exempelby.yaml"
YEAR = 2025
TODAY = dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def one_day(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """The demo is opened on one day, and keeps its password in a folder of the test."""
    now = dt.datetime(TODAY.year, TODAY.month, TODAY.day, 11, 0, tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    settings.VAR_DIR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def load() -> Callable[[Path], Municipality]:
    """Load one file and return its municipality."""

    def load_one(path: Path) -> Municipality:
        (report,) = load_files([path])
        return Municipality.objects.get(key=report.key)

    return load_one


@pytest.fixture
def seeded(load: Callable[[Path], Municipality]) -> Municipality:
    """Exempelby, which looks like none of the others, filled with its demo."""
    municipality = load(EXEMPELBY)
    seed_demo(municipality=municipality, year=YEAR)
    municipality.refresh_from_db()
    return municipality


def tracked_models() -> Iterator[Any]:
    """Every model that keeps history."""
    return (model for model in apps.get_models() if hasattr(model._meta, "simple_history_manager_attribute"))


# --- How much, and how believable -----------------------------------------------------------


@pytest.mark.parametrize("path", [*SHIPPED, EXEMPELBY], ids=lambda path: path.stem)
def test_any_municipality_is_filled_as_its_services_would_have_left_it(path: Path, load: Any) -> None:
    municipality = load(path)
    started = time.monotonic()
    counts = seed_demo(municipality=municipality, year=YEAR).counts
    assert time.monotonic() - started < 15

    _assert_amounts(municipality, counts)
    _assert_numbers_have_no_gaps(municipality)
    _assert_cases_are_whole(municipality)
    _assert_cases_have_been_handled(municipality)
    _assert_fund_adds_up(municipality)
    _assert_risks_are_derived(municipality)
    _assert_plans_are_whole(municipality)
    _assert_nothing_is_to_come(municipality)
    _assert_rows_agree_with_history()


def _assert_amounts(municipality: Municipality, counts: Counter[str]) -> None:
    incidents = Incident.objects.of(municipality)
    assert sum(incidents.occurred_in(year).count() for year in (YEAR - 2, YEAR - 1, YEAR)) == 250
    assert counts["incidents"] == incidents.count()
    assert Risk.objects.filter(municipality=municipality).count() == 40
    months = [sum(month) for month in zip(*(incidents.by_month(year) for year in (2023, 2024, 2025)), strict=True)]
    assert months[6] < min(months[2], months[8], months[9], months[10])  # July is quiet
    assert set(incidents.by_kind()) == set(IncidentKind)
    # Those that chance seldom gives are spread over the years.
    for kind in (IncidentKind.OCCUPATIONAL_DISEASE, IncidentKind.ECONOMIC_CRIME):
        assert len({case.occurred_on.year for case in incidents.filter(kind=kind)}) >= 3
    assert incidents.cost_ore() > 0
    assert not Narrative.objects.filter(text="").exists()
    plans = Plan.objects.filter(municipality=municipality)
    assert plans.count() >= 6
    states = set(PlanVersion.objects.filter(municipality=municipality).values_list("state", flat=True))
    assert {VersionState.IN_FORCE, VersionState.SUBMITTED, VersionState.DRAFT} <= states
    measures = Measure.objects.filter(municipality=municipality)
    assert measures.filter(plan__year=YEAR).count() >= 14
    assert measures.overdue(TODAY).exists()
    assert municipality.__class__.objects.get(pk=municipality.pk).is_demo


def _assert_numbers_have_no_gaps(municipality: Municipality) -> None:
    for model, counter in ((Incident, IncidentCounter), (Risk, RiskCounter)):
        for kept in counter.objects.filter(municipality=municipality):
            rows = model.objects.filter(municipality=municipality, year=kept.year)
            assert sorted(rows.values_list("number", flat=True)) == list(range(1, kept.last + 1))


def _assert_cases_are_whole(municipality: Municipality) -> None:
    for incident in Incident.objects.of(municipality).prefetch_related("statuses", "identities"):
        steps = sorted(incident.statuses.all(), key=lambda one: (one.at, one.pk))
        assert (steps[0].from_state, steps[0].to_state, steps[0].by) == ("", IncidentState.NEW, None)
        assert steps[-1].to_state == incident.state
        for before, after in zip(steps, steps[1:], strict=False):
            assert after.from_state == before.to_state
            moved = after.change == IncidentStatus.Change.STATE
            assert not moved or may_become(after.from_state, after.to_state)
        (reporter,) = incident.identities.all()
        assert reporter.person_id not in {one.by_id for one in steps}
        assert incident.occurred_on <= incident.reported_on
        assert incident.serious == any(one.change == IncidentStatus.Change.SERIOUS for one in steps)
    closed = IncidentStatus.objects.filter(change=IncidentStatus.Change.STATE, to_state=IncidentState.CLOSED)
    assert not closed.filter(reason="").exists()


def _assert_cases_have_been_handled(municipality: Municipality) -> None:
    """Each closed case as closing leaves it: taken on, answered, nothing left to decide or to do."""
    cases = Incident.objects.of(municipality)
    closed = cases.filter(state=IncidentState.CLOSED)
    assert closed.exists()
    assert not closed.filter(
        models.Q(read_at=None) | models.Q(closed_at=None) | models.Q(first_answered_at=None)
    ).exists()
    assert not closed.exclude(assignments__acknowledged_at__isnull=False).exists()
    assert not closed.filter(notices__state__in=(NoticeState.TO_DECIDE, NoticeState.DUE)).exists()
    assert not closed.filter(tasks__done_at=None, tasks__isnull=False).exists()
    assert not cases.filter(injury_degree="serious", notices__isnull=True, affected="employee").exists()
    for model in (StatutoryNotice, SupportOffer, CaseTask, Message, TellsTheUnit, Consequence):
        assert model._default_manager.filter(incident__municipality=municipality).exists(), model

    _assert_first_answers(cases)


def _assert_first_answers(cases: Any) -> None:
    """A handler's first message is the first answer, else the closing is."""
    told = models.Min("messages__at", filter=models.Q(messages__from_reporter=False))
    for case in cases.annotate(told=told).filter(read_at__isnull=False):
        assert case.first_answered_at == (case.told or case.closed_at)
    feedback = CaseTask.objects.filter(incident__in=cases, kind=CaseTask.Kind.FEEDBACK)
    assert not feedback.filter(incident__messages__from_reporter=False, done_at=None).exists()


def _assert_fund_adds_up(municipality: Municipality) -> None:
    """Something of every kind, each deductible once, and never below zero; nothing where nobody may keep a fund."""
    entries = FundEntry.objects.filter(municipality=municipality).order_by("on", "pk")
    seats = Appointment.objects.in_force(TODAY).filter(municipality=municipality)
    if not seats.filter(seat__seat_type__kind__in=kinds_with(KEEP_FUND)).exists():
        assert not entries.exists()
        return
    assert set(entries.values_list("kind", flat=True)) == set(FundEntry.Kind)
    paid_in = entries.filter(kind=FundEntry.Kind.CONTRIBUTION)
    assert [entry.on.year for entry in paid_in] == [2023, 2024, 2025, 2026]
    balance = 0
    for entry in entries.select_related("by"):
        balance += entry.amount_ore
        assert balance >= 0
        assert entry.on <= TODAY
        assert Scope.of(entry.by).holds(KEEP_FUND)
    paid = entries.filter(kind=FundEntry.Kind.DEDUCTIBLE)
    assert paid.exclude(claim=None).values("claim").distinct().count() == paid.count()
    assert Claim.objects.filter(municipality=municipality, fund_entries__isnull=True).count() < paid.count()
    for entry in paid.select_related("claim__incident"):
        assert entry.amount_ore == -entry.claim.deductible_ore
        assert entry.claim.incident.statuses.filter(change=IncidentStatus.Change.CLAIM, at=entry.at).exists()
        assert not entry.claim.incident.is_reported_by(entry.by)


def _assert_risks_are_derived(municipality: Municipality) -> None:
    rank = municipality.rules(TODAY).persons_rank
    risks = Risk.objects.filter(municipality=municipality).prefetch_related("assessments__scale", "statuses")
    for risk in risks:
        wanted = derived_columns(latest_by_stage(risk.assessments.all()), rank)
        assert set(wanted) == set(DERIVED)
        assert {name: getattr(risk, name) for name in wanted} == wanted
        assert max(risk.statuses.all(), key=lambda one: one.at).to_state == risk.state
    for assessment in Assessment.objects.filter(municipality=municipality).prefetch_related("consequences__dimension"):
        levels = {one.dimension: one.level for one in assessment.consequences.all()}
        assert assessment.scale == Scale.objects.for_risks(municipality, assessment.assessed_on)
        assert max(levels.values(), default=assessment.consequence) == assessment.consequence
        assert assessment.band == assessment.scale.band(assessment.likelihood, assessment.consequence).key
        persons = [level for dimension, level in levels.items() if dimension.about_persons]
        assert assessment.persons_consequence == max(persons, default=None)


def _assert_plans_are_whole(municipality: Municipality) -> None:
    for version in PlanVersion.objects.filter(municipality=municipality).select_related("plan__body"):
        steps = list(PlanStatus.objects.filter(version=version).order_by("at", "pk"))
        assert steps[0].from_state == ""
        assert steps[-1].to_state == version.state
        for before, after in zip(steps, steps[1:], strict=False):
            assert after.from_state == before.to_state
            assert after.to_state in VERSION[VersionState(after.from_state)]
        assert missing_in(version) == []
        if version.state != VersionState.DRAFT:
            assert version.hash_matches()
        below = set(BodyClosure.objects.filter(ancestor=version.plan.body).values_list("descendant_id", flat=True))
        for measure in version.measures.select_related("responsible").prefetch_related("risks"):
            assert {measure.responsible.body_id, *(risk.body_id for risk in measure.risks.all())} <= below
            assert measure.resources.exists()
            notes = list(MeasureNote.objects.filter(measure=measure).order_by("at", "pk"))
            assert all(note.to_state in MEASURE[note.from_state] for note in notes)
            assert (notes[-1].to_state if notes else "planned") == measure.state
    for tie in PlanDecision.objects.filter(municipality=municipality).select_related("version", "decision"):
        assert tie.decided_hash == tie.version.content_hash
        assert tie.decision.registry_number.startswith("DEMO ")
        assert tie.decision.section


def _assert_nothing_is_to_come(municipality: Municipality) -> None:
    of = {"municipality": municipality}
    assert not Incident.objects.filter(occurred_on__gt=TODAY, **of).exists()
    assert not Incident.objects.filter(reported_at__gt=clock.now(), **of).exists()
    assert not IncidentStatus.objects.filter(at__gt=clock.now()).exists()
    assert not PlanStatus.objects.filter(at__gt=clock.now()).exists()
    assert not MeasureNote.objects.filter(at__gt=clock.now()).exists()
    assert not Assessment.objects.filter(assessed_on__gt=TODAY, **of).exists()
    assert not Meeting.objects.filter(models.Q(held_on__gt=TODAY) | models.Q(minutes_approved_on__gt=TODAY)).exists()
    assert not Decision.objects.filter(recorded_at__gt=clock.now(), **of).exists()
    assert not Measure.objects.filter(done_on__gt=TODAY, **of).exists()


def _assert_rows_agree_with_history() -> None:
    for model in tracked_models():
        latest: dict[Any, Any] = {}
        for row in model.history.order_by("history_date", "history_id"):
            latest[row.id] = row
        rows = list(model._default_manager.all())
        assert latest.keys() == {row.pk for row in rows}, model
        columns = [column.attname for column in model.history.model.tracked_fields]
        for row in rows:
            assert {name: getattr(latest[row.pk], name) for name in columns} == {
                name: getattr(row, name) for name in columns
            }, model


# --- People ------------------------------------------------------------------------------------


def test_a_plan_that_the_meeting_changed_is_in_force_as_changed(seeded: Municipality) -> None:
    seeded_plans = PlanDecision.objects.filter(municipality=seeded, decision__outcome=Outcome.APPROVE_WITH_CHANGES)

    tie = seeded_plans.select_related("version__based_on").get()

    assert (tie.version.number, tie.version.state) == (2, VersionState.IN_FORCE)
    assert tie.version.based_on
    assert tie.version.based_on.state == VersionState.REPLACED
    assert tie.version.based_on.content_hash != tie.decided_hash == tie.version.content_hash


def test_people_are_clearly_invented_and_each_seat_has_its_holders(load: Any) -> None:
    municipality = load(SHIPPED[0])
    seed_demo(municipality=municipality, year=YEAR)

    # People from outside have their own organisation's address, below the same one.
    domain = f"{municipality.key}.example.se"
    people = User.objects.filter(municipality=municipality)
    assert all(person.email.endswith((f"@{domain}", f".{domain}")) for person in people)
    assert people.values("name").distinct().count() == people.count()
    for seat in Seat.objects.filter(municipality=municipality).in_force(TODAY).select_related("seat_type"):
        held = Appointment.objects.in_force(TODAY).filter(seat=seat)
        assert held.values("person").distinct().count() == held.count()
        assert seat.seat_type.max_holders is None or held.count() <= seat.seat_type.max_holders
    council = Appointment.objects.in_force(TODAY).filter(seat__body__kind="council")
    assert council.filter(seat__seat_type__kind=SeatKind.MEMBER).count() == 6


def test_a_few_seats_have_stood_empty_for_a_while(load: Any) -> None:
    municipality = load(SHIPPED[0])
    seed_demo(municipality=municipality, year=YEAR)

    ended = Appointment.objects.filter(municipality=municipality, valid_to__isnull=False)
    assert {row.seat.seat_type.kind for row in ended.select_related("seat__seat_type")} == {
        SeatKind.DEPARTMENT_COORDINATOR,
        SeatKind.UNIT_MANAGER,
        SeatKind.UNIT_OMBUD,
    }
    for row in ended.select_related("person"):
        assert not Appointment.objects.in_force(TODAY).filter(seat=row.seat).exists()
        assert not row.person.is_active
        assert row.valid_to
        assert row.valid_to < TODAY


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_each_municipality_has_a_group_to_try_with_somebody_from_outside(load: Any, path: Any) -> None:
    municipality = load(path)
    seed_demo(municipality=municipality, year=YEAR)

    leaders = Appointment.objects.in_force(TODAY).filter(
        municipality=municipality, seat__seat_type__kind=SeatKind.GROUP_LEADER
    )
    for led in leaders.with_seat():
        meetings = GroupMeeting.objects.filter(body=led.seat.body)
        assert meetings.count() == 2
        assert meetings.exclude(decisions__isnull=True).exclude(actions__isnull=True).distinct().count() == 2
        assert Assignment.objects.filter(body=led.seat.body).count() == 3
    outside = Appointment.objects.in_force(TODAY).filter(
        municipality=municipality, seat__seat_type__kind=SeatKind.OUTSIDE_MEMBER
    )
    assert outside.exists()
    for held in outside.select_related("person", "representation"):
        assert str(held.representation)
        assert held.person.appointments.count() == 1
    assert PlanShare.objects.in_force(TODAY).filter(group__municipality=municipality).count() == 1
    matters = CoordinationMatter.objects.filter(municipality=municipality)
    assert (matters.count(), matters.open().count()) == (3, 2)


# --- Once, and only where it may -------------------------------------------------------------


@pytest.mark.smoke
def test_filling_twice_changes_nothing(seeded: Municipality) -> None:
    before = {model._meta.label: model._default_manager.count() for model in apps.get_models()}

    assert not seed_demo(municipality=seeded, year=YEAR).is_new
    assert not seed_demo(municipality=seeded, year=YEAR - 1).is_new

    assert {model._meta.label: model._default_manager.count() for model in apps.get_models()} == before


def test_the_same_year_is_the_same_demo(load: Any) -> None:
    municipality = load(EXEMPELBY)

    def drawn() -> list[Any]:
        with transaction.atomic():
            seed_demo(municipality=municipality, year=YEAR)
            found = [
                list(
                    Incident.objects.order_by("pk").values_list("public_id", "kind", "occurred_on", "state", "cost_ore")
                ),
                list(Narrative.objects.order_by("incident").values_list("text", flat=True)),
                list(Risk.objects.order_by("pk").values_list("public_id", "title", "sort_key")),
                list(PlanVersion.objects.order_by("pk").values_list("public_id", "state", "content_hash")),
                list(User.objects.order_by("pk").values_list("email", flat=True)),
            ]
            transaction.set_rollback(True)
        return found

    assert drawn() == drawn()


def test_another_year_is_another_demo(load: Any) -> None:
    municipality = load(EXEMPELBY)
    seed_demo(municipality=municipality, year=TODAY.year)

    assert Incident.objects.occurred_in(TODAY.year).count() == 98
    assert Incident.objects.count() == 250
    _assert_nothing_is_to_come(municipality)
    _assert_plans_are_whole(municipality)


def test_real_people_are_never_mixed_with_invented_ones(load: Any) -> None:
    municipality = load(EXEMPELBY)
    make_user(municipality)

    with pytest.raises(DemoRefused):
        seed_demo(municipality=municipality, year=YEAR)

    assert not Incident.objects.exists()
    assert not Municipality.objects.get().is_demo


def test_a_demo_municipality_with_people_is_filled(load: Any) -> None:
    """The control: the same people are no hindrance where everything is invented anyway."""
    municipality = load(EXEMPELBY)
    make_user(municipality)
    Municipality.objects.update(is_demo=True)

    assert seed_demo(municipality=municipality, year=YEAR).is_new


def test_a_year_to_come_is_refused(load: Any) -> None:
    municipality = load(EXEMPELBY)

    with pytest.raises(CommandError):
        call_command("seed_demo", municipality.key, "--year", str(TODAY.year + 1))
    assert not User.objects.exists()


def test_an_unknown_municipality_is_told(load: Any) -> None:
    load(EXEMPELBY)

    with pytest.raises(CommandError, match="exempelby"):
        call_command("seed_demo", "exempelköping", "--year", str(YEAR))


def test_what_fails_half_way_leaves_nothing(load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    municipality = load(EXEMPELBY)
    monkeypatch.setattr("followup.demo.plans.content_of_rows", lambda _version: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        seed_demo(municipality=municipality, year=YEAR)

    assert not User.objects.exists()
    assert not Incident.objects.exists()


def test_a_municipality_without_scale_seats_or_words_gets_what_it_can(tmp_path: Path, load: Any) -> None:
    bare = tmp_path / "bar.yaml"
    bare.write_text(
        "municipality: {key: bar_by, name: Barby, code: '0097', election: {last: 2026-09-13}}\n"
        "bodies:\n"
        "  - {key: f, kind: council, name: F}\n"
        "  - {key: s, kind: board, name: S, parent: f}\n"
        "  - {key: k, kind: department, name: Kontoret, parent: s}\n"
        "seat_types: [{key: m, title: Medarbetare, kind: employee, sits_at: department}]\n",
        encoding="utf-8",
    )

    counts = seed_demo(municipality=load(bare), year=YEAR).counts

    assert counts["incidents"] > 0
    assert counts["risks"] == 0
    assert User.objects.earliest("pk").email.endswith("@bar-by.example.se")
    _assert_plans_are_whole(Municipality.objects.get())


# --- The services go on from there ----------------------------------------------------------


def test_the_secretary_records_the_decision_on_the_submitted_plan(load: Any) -> None:
    municipality = load(SHIPPED[0])
    seed_demo(municipality=municipality, year=YEAR)
    version = PlanVersion.objects.select_related("plan__body").get(state=VersionState.SUBMITTED)
    held = Appointment.objects.in_force(TODAY).filter(
        seat__body=version.plan.body, seat__seat_type__kind=SeatKind.SECRETARY
    )
    secretary = held.select_related("person").earliest("pk").person

    record_decision(
        version=version,
        expected_hash=version.content_hash,
        held_on=TODAY - dt.timedelta(days=3),
        minutes=Minutes(outcome=Outcome.APPROVE, section="12"),
        minutes_approved_on=TODAY,
        by=secretary,
    )

    version.refresh_from_db()
    assert version.state == VersionState.IN_FORCE


def test_the_coordinator_submits_the_draft_and_the_manager_answers_the_new_case(load: Any) -> None:
    municipality = load(SHIPPED[0])
    seed_demo(municipality=municipality, year=YEAR)
    plan = PlanVersion.objects.select_related("plan").get(state=VersionState.DRAFT).plan
    coordinator = _person_who(plan.title, municipality, SeatKind.DEPARTMENT_COORDINATOR)
    assert submit_plan(plan=plan, by=coordinator).state == VersionState.SUBMITTED

    new = Incident.objects.filter(state=IncidentState.NEW).order_by("-reported_at")
    managers = [
        (incident, person)
        for incident in new
        for person in User.objects.filter(municipality=municipality, is_active=True)
        if Scope.of(person).allows(HANDLE_INCIDENT, incident)
        and not Identity.objects.filter(incident=incident, person=person).exists()
    ]
    incident, manager = managers[0]
    open_case(incident=incident, by=manager)
    assert close_case(incident=incident, feedback="Tack.", by=manager).state == IncidentState.CLOSED


def _person_who(words: str, municipality: Municipality, kind: str) -> User:
    """The person of the table whose line holds the words."""
    emails = {one.email for one in people_to_try(municipality) if words in one.what}
    held = Appointment.objects.in_force(TODAY).filter(seat__seat_type__kind=kind, person__email__in=emails)
    return held.select_related("person").earliest("pk").person


# --- Password and table ------------------------------------------------------------------------


def test_the_table_names_people_who_can_log_in(load: Any, capsys: Any, settings: Any) -> None:
    municipality = load(SHIPPED[0])
    call_command("seed_demo", municipality.key, "--year", str(YEAR))
    call_command("demo_persons")

    told = capsys.readouterr().out
    assert municipality.name in told
    assert demo_password() in told
    people = list(people_to_try(municipality))
    assert len(people) >= 10
    for one in people:
        assert one.email in told
        assert Client().login(email=one.email, password=demo_password())
    assert not Client().login(email=people[0].email, password="fel-losenord-0000")


def test_the_password_is_kept_for_its_owner_only(load: Any) -> None:
    password = demo_password()

    assert demo_password() == password
    assert len(password) > 15
    assert stat.S_IMODE(kept_in().stat().st_mode) == 0o600


def test_the_password_may_be_chosen_and_lost(seeded: Municipality, monkeypatch: pytest.MonkeyPatch) -> None:
    email = User.objects.filter(municipality=seeded, is_active=True).earliest("pk").email
    monkeypatch.setenv("DEMO_PASSWORD", "vald-av-den-som-kor-1")

    call_command("demo_persons")
    assert Client().login(email=email, password="vald-av-den-som-kor-1")

    monkeypatch.delenv("DEMO_PASSWORD")
    kept_in().unlink()
    call_command("demo_persons")
    assert Client().login(email=email, password=demo_password())


def test_no_password_is_set_outside_a_demo(load: Any, capsys: Any) -> None:
    municipality = load(EXEMPELBY)
    person = make_user(municipality)

    call_command("demo_persons")

    before = person.password
    person.refresh_from_db()
    assert person.password == before
    assert person.email not in capsys.readouterr().out
