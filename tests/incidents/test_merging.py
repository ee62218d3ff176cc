"""Two reports of one event become one case, and two again; the same again begins with what was said before."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from incidents import notices
from incidents.case.similar import earlier_similar
from incidents.errors import CannotMerge, DecisionsOpen, NotYetHappened, OwnReport, ReasonMissing
from incidents.models import TOLD, Incident, IncidentKind, IncidentState, IncidentStatus, Place, Withheld
from incidents.services import close_case, merge_case, merging, reopen_case, report_again
from notifications.models import OutboxMessage
from organisation import clock
from organisation.errors import NotAllowed, WrongState
from tests.factories.clocks import grave_case
from tests.factories.incidents import give_reported, make_incidents, read, report
from tests.factories.organisation import appoint

WHY = "Två kollegor har skrivit om samma hot."


@pytest.fixture
def twins(town):
    """Two reports of one event, both read."""
    return read(report(town, text="Den ena."), town.unit_manager), read(
        report(town, by="coordinator", text="Den andra."), town.unit_manager
    )


def merge(twins, by):
    return merge_case(incident=twins[0], into=twins[1], reason=WHY, by=by)


def address(what, incident):
    return reverse(f"incidents:{what}", args=[incident.public_id])


class TestMerging:
    def test_one_is_closed_into_the_other_and_its_reporter_told(self, town, twins):
        merged = merge(twins, town.unit_manager)
        assert (merged.state, merged.merged_into) == (IncidentState.CLOSED, twins[1])
        assert merged.closed_at is not None
        last = merged.statuses.last()
        assert (last.change, last.to_state, last.reason) == (IncidentStatus.Change.MERGED, "closed", WHY)
        assert twins[1].statuses.last().change == IncidentStatus.Change.MERGED
        assert OutboxMessage.objects.filter(topic=notices.REPORTER_TOLD, payload={"status_id": last.pk}).exists()
        assert notices._what_is_new(last) != notices._what_is_new(twins[1].statuses.first())

    def test_figures_count_them_once(self, town, twins):
        assert Incident.objects.of(town.municipality).counted().count() == 2
        merge(twins, town.unit_manager)
        assert list(Incident.objects.of(town.municipality).counted()) == [twins[1]]

    def test_taking_it_up_again_makes_two_of_them(self, town, twins):
        merge(twins, town.unit_manager)
        again = reopen_case(incident=twins[0], reason="Det var två händelser.", by=town.head)
        assert (again.state, again.merged_into, again.closed_at) == (IncidentState.READ, None, None)

    def test_of_one_authority_alone(self, town, twins):
        elsewhere = make_incidents(town.bodies["school-unit"], 1, state=IncidentState.READ)[0]
        with pytest.raises(NotAllowed):
            merge_case(incident=twins[0], into=elsewhere, reason=WHY, by=town.unit_manager)
        appoint(town.head, town.seats["other_head"])
        fresh = type(town.head).objects.get(pk=town.head.pk)
        with pytest.raises(CannotMerge):
            merge_case(incident=twins[0], into=elsewhere, reason=WHY, by=fresh)

    def test_not_into_one_that_is_seen_by_somebody_it_is_kept_from(self, town, twins):
        Withheld.objects.create(incident=twins[0], person=town.unit_manager, at=clock.now())
        with pytest.raises(CannotMerge):
            merge(twins, town.head)
        Withheld.objects.create(incident=twins[1], person=town.unit_manager, at=clock.now())
        assert merge(twins, town.head).is_closed

    def test_control_without_the_comparison_the_manager_would_come_to_handle_it(self, town, twins, monkeypatch):
        Withheld.objects.create(incident=twins[0], person=town.unit_manager, at=clock.now())
        monkeypatch.setattr(merging, "fits", lambda *_: True)
        into = merge(twins, town.head).merged_into
        assert Incident.objects.visible_to(town.unit_manager).filter(pk=into.pk).exists()

    def test_only_by_who_handles_both(self, town, twins):
        for role in ("employee", "safety_coordinator", "other_manager"):
            with pytest.raises(NotAllowed):
                merge(twins, town.people[role])
        with pytest.raises(OwnReport):
            merge(twins, town.coordinator)

    def test_not_without_words_nor_with_itself_nor_into_a_closed_one(self, town, twins):
        with pytest.raises(ReasonMissing):
            merge_case(incident=twins[0], into=twins[1], reason=" ", by=town.unit_manager)
        with pytest.raises(WrongState):
            merge_case(incident=twins[0], into=twins[0], reason=WHY, by=town.unit_manager)
        close_case(incident=twins[1], feedback="Klart.", by=town.unit_manager)
        with pytest.raises(WrongState):
            merge(twins, town.unit_manager)

    def test_not_while_it_is_undecided_whether_to_notify(self, town, twins):
        grave = read(grave_case(town), town.unit_manager)
        with pytest.raises(DecisionsOpen):
            merge_case(incident=grave, into=twins[1], reason=WHY, by=town.unit_manager)
        grave.refresh_from_db()
        assert not grave.is_closed

    def test_whole_or_not_at_all(self, town, twins, monkeypatch):
        def fail(_status):
            raise RuntimeError

        monkeypatch.setattr(notices, "tell_reporter", fail)
        with pytest.raises(RuntimeError):
            merge(twins, town.unit_manager)
        twins[0].refresh_from_db()
        assert (twins[0].merged_into, twins[0].state) == (None, IncidentState.READ)

    def test_links_lead_both_ways_for_those_who_may_see_the_other(self, town, as_, twins):
        merge(twins, town.unit_manager)
        client = as_("unit_manager")
        assert address("case", twins[1]) in client.get(address("case", twins[0])).content.decode()
        assert address("case", twins[0]) in client.get(address("case", twins[1])).content.decode()
        told = as_("employee").get(address("case", twins[0])).content.decode()
        assert twins[1].label in told
        assert address("case", twins[1]) not in told


class TestMergePage:
    def test_the_likeliest_are_offered_first(self, town, as_, twins):
        far = make_incidents(town.bodies["care-south"], 1, state=IncidentState.READ)[0]
        fire = make_incidents(town.bodies["care-north"], 1, kind=IncidentKind.FIRE)[0]
        make_incidents(town.bodies["school-unit"], 1)
        page = as_("head").get(address("merge", twins[0]))
        offered = [value for value, _label in page.context["form"].fields["into"].choices]
        assert offered == [str(case.public_id) for case in (twins[1], fire, far)]

    def test_by_row_or_by_number(self, town, as_, twins):
        client = as_("unit_manager")
        done = client.post(address("merge", twins[0]), {"into": twins[1].public_id, "reason": WHY})
        assert done.url == address("case", twins[1])
        third = read(report(town), town.unit_manager)
        done = client.post(address("merge", third), {"number": twins[1].label.lower(), "reason": WHY})
        assert done.status_code == 302
        third.refresh_from_db()
        assert third.merged_into == twins[1]

    @pytest.mark.parametrize(
        "sent",
        [
            {"reason": WHY},
            {"number": "H-1999-0001", "reason": WHY},
            {"number": "trettio", "reason": WHY},
            {"into": str(uuid.uuid4()), "reason": WHY},
            {"number": "H-2026-0002"},
        ],
    )
    def test_a_mistake_is_named(self, as_, twins, sent):
        page = as_("unit_manager").post(address("merge", twins[0]), sent)
        assert page.status_code == 422
        assert "govuk-error-summary" in page.content.decode()

    def test_a_number_that_one_does_not_handle_is_not_told_to_exist(self, town, as_, twins):
        hidden = make_incidents(town.bodies["school-unit"], 1)[0]
        page = as_("unit_manager").post(address("merge", twins[0]), {"number": hidden.label, "reason": WHY})
        nowhere = as_("unit_manager").post(address("merge", twins[0]), {"number": "H-1999-0001", "reason": WHY})
        said = [re.findall(r'govuk-error-message">(.*?)</', one.content.decode(), re.S) for one in (page, nowhere)]
        assert said[0] == said[1]


class TestAgain:
    def again(self, incident, by, **answers):
        given = {"occurred_on": clock.today(), "text": "", "with_text": False, "submission_key": uuid.uuid4()}
        new = report_again(incident=incident, by=by, **(given | answers))
        give_reported()
        return new

    def test_kind_place_and_what_is_likely_the_same_come_along(self, town):
        first = report(town, kind=IncidentKind.VIOLENCE, text="Slog.", answers={"place": Place.HOME_VISIT})
        new = self.again(first, town.employee)
        assert (new.kind, new.body, new.place) == (IncidentKind.VIOLENCE, first.body, Place.HOME_VISIT)
        assert new.happened_before
        assert new.copied_from == first
        assert new.is_reported_by(town.employee)
        assert not new.narratives.exists()
        assert new.assignments.get().person == town.unit_manager
        assert new.statuses.last().change == IncidentStatus.Change.COPIED

    def test_the_text_only_when_chosen(self, town):
        first = report(town, text="Slog.")
        new = self.again(first, town.employee, with_text=True, text="Och sparkade.")
        assert new.narratives.get(key=TOLD).text == "Slog.\n\nOch sparkade."

    def test_by_a_handler_in_their_own_name(self, town):
        new = self.again(report(town), town.unit_manager)
        assert new.is_reported_by(town.unit_manager)
        assert not new.is_reported_by(town.employee)
        assert new.assignments.get().person == town.head

    def test_the_same_form_twice_is_one_report(self, town):
        first, key = report(town), uuid.uuid4()
        one = self.again(first, town.employee, submission_key=key)
        assert self.again(first, town.employee, submission_key=key) == one
        assert one.statuses.filter(change=IncidentStatus.Change.COPIED).count() == 1

    def test_what_was_kept_from_the_manager_is_so_again(self, town):
        first = report(town, keep_from_manager=True)
        new = self.again(first, town.employee)
        assert not Incident.objects.visible_to(town.unit_manager).filter(pk=new.pk).exists()

    def test_no_history_tells_who_reported(self, town):
        new = self.again(report(town), town.employee)
        assert not any(row.history_user for row in new.history.all())

    @pytest.mark.parametrize("role", ["safety_coordinator", "safety_representative", "other_manager"])
    def test_not_by_those_who_only_see_it_or_do_not(self, town, role):
        with pytest.raises(NotAllowed):
            self.again(report(town), town.people[role])

    def test_not_on_a_day_ahead_and_then_nothing_is_written(self, town):
        first = report(town)
        with pytest.raises(NotYetHappened):
            self.again(first, town.employee, occurred_on=clock.today() + timedelta(days=1))
        assert Incident.objects.count() == 1

    def test_by_the_page(self, town, as_):
        first = report(town, text="Slog.")
        client = as_("employee")
        page = client.get(address("again", first))
        form = page.context["form"]
        sent = {
            "occurred_on": clock.today().isoformat(),
            "with_text": "on",
            "submission_key": str(form["submission_key"].value()),
        }
        done = [client.post(address("again", first), sent) for _ in range(2)]
        assert done[0].url == done[1].url
        new = Incident.objects.get(copied_from=first)
        assert str(new.public_id) in done[0].url
        assert client.post(address("again", first), {"occurred_on": ""}).status_code == 422
        assert address("again", first) in client.get("/incidents/mine/").content.decode()


class TestSimilar:
    def test_same_kind_and_place_of_two_years_that_one_may_see(self, town):
        unit, today = town.bodies["care-north"], clock.today()
        long_ago, recent = today - timedelta(days=800), today - timedelta(days=700)
        old, alike = (make_incidents(unit, 1, occurred_on=day)[0] for day in (long_ago, recent))
        make_incidents(unit, 1, kind=IncidentKind.FIRE)
        make_incidents(town.bodies["care-south"], 1)
        hidden = make_incidents(unit, 1)[0]
        Withheld.objects.create(incident=hidden, person=town.unit_manager, at=clock.now())
        incident = report(town)
        assert earlier_similar(incident, town.unit_manager) == [alike]
        assert earlier_similar(incident, town.head) == [hidden, alike]
        assert old not in earlier_similar(incident, town.head)
        assert earlier_similar(incident, town.employee) == []
