"""Cases, risks and plans follow the bodies: those who took over see and handle them on the next request, others don't.

No worker runs, and nothing is rebuilt but by the change itself or the first request of its day.
"""

import pytest
from django.urls import reverse

from actionplans.models import Plan
from actionplans.permissions import CHANGE_PLAN, RECORD_DECISION
from incidents import services as cases
from incidents.models import Incident
from incidents.permissions import HANDLE_INCIDENT
from organisation.models import Body, BodyClosure, BodyKind, SeatKind
from organisation.services.reorganising import NewBody, close_body, merge_bodies, move_body, split_body
from risks import services as risks
from risks.models import Risk
from tests.factories import incidents
from tests.factories.actionplans import make_submitted
from tests.factories.organisation import appoint, make_order, make_seat, make_user
from tests.factories.risks import make_areas, make_dimensions, make_risk, make_scale
from tests.organisation.reorganising.reading import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(town):
    make_scale(town.municipality)
    make_dimensions(town.municipality)
    make_areas(town.municipality)
    return town


@pytest.fixture
def left(town):
    """What the north unit has: an open case, a closed one, and a risk."""
    opened, closed = incidents.report(town), incidents.report(town)
    incidents.read(closed, town.unit_manager)
    cases.close_case(incident=closed, feedback="Klart", by=town.unit_manager)
    return {
        "open": opened,
        "closed": Incident.objects.get(pk=closed.pk),
        "risk": make_risk(town.unit_manager, town.bodies["care-north"]),
    }


@pytest.fixture
def south_manager(town):
    person = make_user(town.municipality, "Sune Södergren")
    appoint(person, make_seat(town.bodies["care-south"], SeatKind.UNIT_MANAGER))
    return person


def sees(client, person, left) -> set[str]:
    """Which of the three pages the person is shown, on a request of its own."""
    client.force_login(fresh(person), backend="organisation.access.ScopeBackend")
    pages = {
        "open": reverse("incidents:case", args=[left["open"].public_id]),
        "closed": reverse("incidents:case", args=[left["closed"].public_id]),
        "risk": reverse("risks:risk", args=[left["risk"].public_id]),
    }
    return {name for name, url in pages.items() if client.get(url).status_code == 200}


ALL = {"open", "closed", "risk"}


def order(town, **words):
    return make_order(town, **{"reference": "§ 12, KF 2026-14", **words})


class TestClosed:
    def test_who_took_over_sees_open_and_old_cases_and_who_left_does_not(self, client, town, left, south_manager):
        assert sees(client, south_manager, left) == set()
        close_body(body=town.bodies["care-north"], successor=town.bodies["care-south"], order=order(town))
        assert sees(client, south_manager, left) == ALL
        assert sees(client, town.head, left) == ALL
        assert sees(client, town.unit_manager, left) == set()
        assert sees(client, town.other_manager, left) == set()

    def test_they_may_handle_what_they_took_over(self, town, left, south_manager):
        close_body(body=town.bodies["care-north"], successor=town.bodies["care-south"], order=order(town))
        person = fresh(south_manager)
        assert person.has_perm(HANDLE_INCIDENT, left["open"])
        cases.open_case(incident=left["open"], by=person)
        cases.close_case(incident=left["open"], feedback="Utrett", by=person)
        risks.close_risk(risk=left["risk"], reason="Finns inte längre", by=person)
        assert Risk.objects.get(pk=left["risk"].pk).state == "closed"

    def test_a_chain_of_closings(self, client, town, left, south_manager):
        close_body(body=town.bodies["care-north"], successor=town.bodies["care-south"], order=order(town))
        close_body(body=town.bodies["care-south"], successor=town.bodies["school-unit"], order=order(town))
        assert sees(client, town.other_manager, left) == ALL
        assert sees(client, town.other_head, left) == ALL
        assert sees(client, town.head, left) == set()

    def test_on_its_day_and_not_before(self, client, town, left, south_manager, next_month, move_clock):
        close_body(
            body=town.bodies["care-north"], successor=town.bodies["care-south"], order=order(town, on=next_month)
        )
        assert sees(client, south_manager, left) == set()
        assert sees(client, town.unit_manager, left) == ALL
        move_clock(next_month)
        assert sees(client, south_manager, left) == ALL
        assert sees(client, town.unit_manager, left) == set()

    def test_control_without_the_successor_in_the_closure_the_case_is_nobodys(self, client, town, left, south_manager):
        close_body(body=town.bodies["care-north"], successor=town.bodies["care-south"], order=order(town))
        BodyClosure.objects.filter(descendant=town.bodies["care-north"], taken_over=True).exclude(
            ancestor=town.bodies["care-north"]
        ).delete()
        assert sees(client, south_manager, left) == set()

    def test_the_poster_of_a_closed_unit_leads_to_the_one_that_took_over_at_last(self, client, town):
        close_body(body=town.bodies["care-north"], successor=town.bodies["care-south"], order=order(town))
        close_body(body=town.bodies["care-south"], successor=town.bodies["school-unit"], order=order(town))
        client.force_login(fresh(town.head), backend="organisation.access.ScopeBackend")
        shown = client.get(reverse("report:form", args=[town.bodies["care-north"].report_code]))
        assert shown.url == reverse("report:form", args=[fresh(town.bodies["school-unit"]).report_code])


class TestMoved:
    def test_those_above_in_the_new_place_see_and_those_above_in_the_old_one_do_not(self, client, town, left):
        move_body(body=town.bodies["care-north"], parent=town.bodies["school-dept"], order=order(town))
        assert sees(client, town.other_head, left) == ALL
        assert sees(client, town.unit_manager, left) == ALL
        assert sees(client, town.head, left) == set()
        assert sees(client, town.coordinator, left) == set()


class TestMerged:
    def test_the_new_units_manager_sees_what_both_had(self, client, town, left):
        new = NewBody("Hemtjänsten", BodyKind.UNIT, town.bodies["care-dept"])
        merge_bodies(bodies=[town.bodies["care-north"], town.bodies["care-south"]], into=new, order=order(town))
        body = Body.objects.get(name="Hemtjänsten")
        manager = make_user(town.municipality, "Nora Nyberg")
        appoint(manager, body.seats.get(seat_type__kind=SeatKind.UNIT_MANAGER))
        assert sees(client, manager, left) == ALL
        assert sees(client, town.unit_manager, left) == set()


class TestSplit:
    def test_the_heir_sees_and_the_other_part_does_not(self, client, town, left):
        split_body(body=town.bodies["care-north"], parts=["Dag", "Natt"], heir=0, children={}, order=order(town))
        managers = {}
        for name in ("Dag", "Natt"):
            managers[name] = make_user(town.municipality, f"Chef {name}")
            seat = Body.objects.get(name=name).seats.get(seat_type__kind=SeatKind.UNIT_MANAGER)
            appoint(managers[name], seat)
        assert sees(client, managers["Dag"], left) == ALL
        assert sees(client, managers["Natt"], left) == set()

    def test_a_child_goes_with_its_part(self, client, town, left):
        children = {town.bodies["care-north"]: 1, town.bodies["care-south"]: 0}
        split_body(body=town.bodies["care-dept"], parts=["Ett", "Två"], heir=0, children=children, order=order(town))
        heads = {}
        for name in ("Ett", "Två"):
            heads[name] = make_user(town.municipality, f"Chef {name}")
            appoint(heads[name], Body.objects.get(name=name).seats.get(seat_type__kind=SeatKind.HEAD))
        assert sees(client, heads["Två"], left) == ALL
        assert sees(client, heads["Ett"], left) == set()


class TestCommittees:
    """An authority's plans are the successor's to decide and to carry out."""

    @pytest.fixture
    def version(self, town):
        return make_submitted(town, year=2027, measures=1)

    def test_the_successors_people_read_prepare_and_decide_the_plan(self, client, town, version):
        member = make_user(town.municipality, "Lo Ledamot")
        appoint(member, make_seat(town.bodies["school"], SeatKind.MEMBER))
        secretary = make_user(town.municipality, "Siv Sekreterare")
        appoint(secretary, make_seat(town.bodies["school"], SeatKind.SECRETARY))
        close_body(body=town.bodies["care"], successor=town.bodies["school"], order=order(town))
        for person in (member, secretary, town.other_head):
            assert Plan.objects.visible_to(fresh(person)).filter(pk=version.plan_id).exists()
        assert fresh(secretary).has_perm(RECORD_DECISION, version.plan)
        assert fresh(town.other_head).has_perm(CHANGE_PLAN, version.plan)
        assert not fresh(member).has_perm(RECORD_DECISION, version.plan)
        client.force_login(fresh(secretary), backend="organisation.access.ScopeBackend")
        assert client.get(reverse("actionplans:decide", args=[version.plan.public_id])).status_code == 200

    def test_the_closed_committees_own_people_do_not(self, town, version):
        close_body(body=town.bodies["care"], successor=town.bodies["school"], order=order(town))
        for role in ("committee_member", "committee_chair", "committee_secretary"):
            assert not Plan.objects.visible_to(fresh(town.people[role])).exists()

    def test_the_department_goes_along_and_still_prepares_it(self, town, version):
        close_body(body=town.bodies["care"], successor=town.bodies["school"], order=order(town))
        assert fresh(town.coordinator).has_perm(CHANGE_PLAN, version.plan)


def test_the_administrator_reads_none_of_it_before_and_after(client, town, left):
    assert sees(client, town.administrator, left) == set()
    close_body(body=town.bodies["care-north"], successor=town.bodies["safety"], order=order(town))
    assert sees(client, town.administrator, left) == set()
