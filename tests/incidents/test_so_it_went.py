"""So it went: a workplace is told what became of what was reported there, and nothing that points somebody out."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.urls import reverse

from incidents.errors import (
    NamesSomebody,
    NotForTheWorkplace,
    OutcomeNotClosed,
    OwnReport,
    QuotesTheReport,
    ReasonMissing,
    WouldBeRecognised,
)
from incidents.figures.at_work import counts_at_work
from incidents.models import Incident, IncidentStatus, Outcome, Withheld
from incidents.services import close_case, publish_outcome, reopen_case, take_back_outcome
from organisation import clock
from organisation.errors import NotAllowed, WrongState
from organisation.models import SeatKind
from tests.factories.incidents import make_incidents, read, report
from tests.factories.organisation import appoint, make_seat, make_user

TOLD = "Mannen i receptionen skrek att han skulle komma tillbaka med en kniv"
WENT = "Vi har satt in en vakt och bytt lås på dörren."


@pytest.fixture
def case(town):
    found = read(report(town, text=TOLD), town.unit_manager)
    return close_case(incident=found, feedback="Tack.", by=town.unit_manager)


@pytest.fixture
def colleagues(town):
    """Enough people at the unit that nobody is picked out by working there."""
    people = [make_user(town.municipality, f"Kollega Nummer{place}") for place in range(5)]
    for place, person in enumerate(people):
        appoint(person, make_seat(town.bodies["care-north"], SeatKind.EMPLOYEE, key=f"colleague-{place}"))
    return people


def tell(case, by, *, text=WENT, nobody_recognised=True):
    return publish_outcome(incident=case, text=text, nobody_recognised=nobody_recognised, by=by)


def told_to(person):
    return list(Outcome.objects.visible_to(person))


# --- Telling -------------------------------------------------------------------------------------


def test_those_who_work_there_read_how_it_went(town, case, colleagues):
    outcome = tell(case, town.unit_manager, nobody_recognised=False)
    assert (outcome.text, outcome.by, outcome.body) == (WENT, town.unit_manager, case.body)
    assert all(told_to(person) == [outcome] for person in (*colleagues, town.employee, town.unit_manager))
    assert case.statuses.filter(change=IncidentStatus.Change.OUTCOME, by=town.unit_manager, reason="").count() == 1


def test_others_do_not(town, case, other_town):
    tell(case, town.unit_manager)
    assert told_to(town.other_manager) == []
    assert told_to(town.board_member) == []
    assert told_to(other_town.employee) == []


def test_who_has_left_the_unit_reads_no_more(town, case, colleagues):
    tell(case, town.unit_manager)
    colleagues[0].appointments.update(valid_from=clock.today() - timedelta(days=9), valid_to=clock.today())
    assert told_to(colleagues[0]) == []


def test_telling_again_replaces_it(town, case):
    tell(case, town.unit_manager)
    tell(case, town.unit_manager, text="Vakten är kvar.")
    assert Outcome.objects.get().text == "Vakten är kvar."


def test_it_can_be_taken_back(town, case):
    tell(case, town.unit_manager)
    take_back_outcome(incident=case, by=town.unit_manager)
    assert not Outcome.objects.exists()
    with pytest.raises(WrongState):
        take_back_outcome(incident=case, by=town.unit_manager)


# --- What is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["employee", "safety_representative", "unit_ombud", "safety_coordinator"])
def test_only_a_handler_tells(town, case, role):
    with pytest.raises(NotAllowed):
        tell(case, town.people[role])
    assert not Outcome.objects.exists()


def test_nobody_tells_of_their_own_report(town):
    own = report(town, by="unit_manager")
    with pytest.raises(OwnReport):
        tell(own, town.unit_manager)


def test_not_before_the_case_is_closed(town):
    with pytest.raises(OutcomeNotClosed):
        tell(read(report(town), town.unit_manager), town.unit_manager)


def test_not_of_a_merged_report(town, case):
    other = report(town)
    Incident.objects.filter(pk=case.pk).update(merged_into=other)
    with pytest.raises(OutcomeNotClosed):
        tell(case, town.unit_manager)


def test_not_without_words(town, case):
    with pytest.raises(ReasonMissing):
        tell(case, town.unit_manager, text="  ")


def test_not_of_a_secret_case(town, case):
    Incident.objects.filter(pk=case.pk).update(secret=True)
    with pytest.raises(NotForTheWorkplace):
        tell(case, town.unit_manager)


def test_not_of_a_case_that_is_kept_from_somebody(town, case):
    Withheld.objects.create(incident=case, person=town.other_manager, at=clock.now())
    with pytest.raises(NotForTheWorkplace):
        tell(case, town.unit_manager)


def test_where_few_work_the_handler_makes_sure_that_nobody_is_recognised(town, case):
    with pytest.raises(WouldBeRecognised):
        tell(case, town.unit_manager, nobody_recognised=False)
    assert tell(case, town.unit_manager, nobody_recognised=True)


@pytest.mark.parametrize("form", ["{name}", "{last}s bil", "Vi har talat med {first}."])
def test_not_by_name(town, case, form):
    first, *_rest, last = town.employee.name.split()
    with pytest.raises(NamesSomebody):
        tell(case, town.unit_manager, text=form.format(name=town.employee.name, first=first, last=last))
    assert not Outcome.objects.exists()


def test_a_name_as_the_reporter_wrote_it_is_one_too(town, case):
    case.identities.create(role="other", name="Nils Exempelsson")
    with pytest.raises(NamesSomebody):
        tell(case, town.unit_manager, text="Exempelsson får inte komma hit.")


@pytest.mark.parametrize(
    "text",
    [TOLD, "Vi vet att han SKULLE komma tillbaka, med en kniv.", f"Svar: {TOLD.upper()}!"],
)
def test_the_report_is_never_repeated(town, case, text):
    with pytest.raises(QuotesTheReport):
        tell(case, town.unit_manager, text=text)
    assert not Outcome.objects.exists()


def test_control_without_the_check_the_report_would_be_repeated(town, case, monkeypatch):
    monkeypatch.setattr("incidents.services.outcomes._refuse_what_was_told", lambda incident, text: None)
    assert tell(case, town.unit_manager, text=TOLD).text == TOLD


# --- What is shown no longer ---------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"secret": True}, {"disposed_at": clock.now()}])
def test_a_case_that_became_secret_or_was_disposed_of_is_not_shown(town, case, change):
    tell(case, town.unit_manager)
    Incident.objects.filter(pk=case.pk).update(**change)
    assert told_to(town.employee) == []


def test_nor_one_that_is_open_again(town, case):
    tell(case, town.unit_manager)
    reopen_case(incident=case, reason="Mer har hänt.", by=town.unit_manager)
    assert told_to(town.employee) == []


def test_nor_one_that_is_kept_from_the_person(town, case):
    tell(case, town.unit_manager)
    Withheld.objects.create(incident=case, person=town.employee, at=clock.now())
    assert told_to(town.employee) == []


def test_control_without_the_rule_it_would_be_shown(town, case, monkeypatch):
    tell(case, town.unit_manager)
    Withheld.objects.create(incident=case, person=town.employee, at=clock.now())
    monkeypatch.setattr("incidents.models.outcomes.Exists", lambda _kept_from: Q(pk__in=()))
    assert len(told_to(town.employee)) == 1


# --- Counts --------------------------------------------------------------------------------------


def test_those_who_work_there_see_how_much_is_reported(town):
    make_incidents(town.bodies["care-north"], 12)
    make_incidents(town.bodies["care-north"], 7, state="closed")
    (counts,) = counts_at_work(town.employee)
    assert (counts.reported, counts.answered) == (19, 7)


def test_few_are_not_told(town):
    make_incidents(town.bodies["care-north"], 4)
    assert [counts.reported for counts in counts_at_work(town.employee)] == [None]


def test_nor_are_few_among_many(town):
    make_incidents(town.bodies["care-north"], 12)
    make_incidents(town.bodies["care-north"], 2, state="closed")
    (counts,) = counts_at_work(town.employee)
    assert (counts.reported, counts.answered) == (14, None)


def test_a_case_kept_from_the_person_is_not_counted(town):
    (first, *_rest) = make_incidents(town.bodies["care-north"], 6)
    Withheld.objects.create(incident=first, person=town.employee, at=clock.now())
    assert [counts.reported for counts in counts_at_work(town.employee)] == [5]


# --- Pages ---------------------------------------------------------------------------------------


def test_the_handler_tells_on_a_page_of_its_own(town, case, as_, colleagues):
    address = reverse("incidents:outcome", args=[case.public_id])
    client = as_("unit_manager")
    assert address in client.get(reverse("incidents:case", args=[case.public_id])).content.decode()
    assert client.post(address, {"outcome-text": WENT}).status_code == 302
    assert WENT in as_("employee").get(reverse("incidents:outcomes")).content.decode()
    client.post(reverse("incidents:outcome_take_back", args=[case.public_id]))
    assert WENT not in as_("employee").get(reverse("incidents:outcomes")).content.decode()


def test_what_is_refused_is_said_and_nothing_typed_is_lost(town, case, as_):
    address = reverse("incidents:outcome", args=[case.public_id])
    answer = as_("unit_manager").post(address, {"outcome-text": WENT})
    assert answer.status_code == 422
    assert "nobody_recognised" in answer.context["form"].errors
    assert WENT in answer.content.decode()


def test_nothing_to_read_yet(town, as_):
    assert as_("employee").get(reverse("incidents:outcomes")).status_code == 200


def test_the_list_names_nobody_and_tells_no_number(town, case, as_):
    tell(case, town.unit_manager)
    page = as_("employee").get(reverse("incidents:outcomes")).content.decode()
    assert case.label not in page
    assert town.unit_manager.name not in page
    assert str(case.public_id) not in page
