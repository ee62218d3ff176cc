"""The pages of duties to notify and of answers: what each person sees, and what the forms do."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.forms.answers import AnswersForm
from incidents.models import Incident, IncidentStatus, StatutoryNotice
from incidents.services.answers import answers_of, change_answers
from incidents.services.notifying import decide_notice
from organisation import clock
from organisation.work import work_for
from tests.factories.clocks import duties, duty, grave_case
from tests.factories.incidents import report
from tests.factories.organisation import Town

As = Callable[[str], Client]
WHY = "Armbrottet syntes på röntgen"


def page(incident: Incident, name: str = "notices", notice: StatutoryNotice | None = None) -> str:
    return reverse(f"incidents:{name}", args=[(notice or incident).public_id])


def sent(incident: Incident, **answers: Any) -> dict[str, Any]:
    """The answers form as it stands, with some answered anew."""
    form = AnswersForm(standing=answers_of(incident))
    data = {name: form[name].value() for name in form.fields}
    day = data.pop("occurred_on")
    data |= {"occurred_on_0": day.day, "occurred_on_1": day.month, "occurred_on_2": day.year}
    data = {name: "" if value is None else value for name, value in data.items()}
    names = form.fields["occurred_on"].widget.widgets_names
    for place, suffix in enumerate(names):
        data[f"occurred_on{suffix}"] = data.pop(f"occurred_on_{place}")
    return data | {"reason": WHY} | answers


class TestDuties:
    def test_the_handler_sees_basis_time_left_and_what_to_do(self, town: Town, as_: As) -> None:
        incident = grave_case(town)
        html = as_("unit_manager").get(page(incident)).content.decode()
        assert "3 kap. 3 a §" in html
        assert re.search(r"Arbetsmiljöverket \w+ Försäkringskassan", html)
        assert page(incident, "notice_decide", duty(incident)) in html
        # To be decided first.
        assert page(incident, "notice_done", duty(incident)) not in html
        assert page(incident, "notice_done", duty(incident, "work-injury")) in html

    def test_the_reporter_sees_that_it_is_handled_without_alarm(self, town: Town, as_: As) -> None:
        incident = grave_case(town)
        StatutoryNotice.objects.filter(incident=incident).update(due_at=clock.now() - timedelta(days=1))
        for address in (page(incident), page(incident, "case")):
            html = as_("employee").get(address).content.decode()
            assert "tp-tag--late" not in html
        assert "tp-tag--late" in as_("unit_manager").get(page(incident)).content.decode()

    @pytest.mark.parametrize("role", ["safety_representative", "safety_coordinator"])
    def test_who_sees_the_case_sees_the_duties_but_no_reason(self, town: Town, as_: As, role: str) -> None:
        incident = grave_case(town)
        decide_notice(notice=duty(incident), notifiable=True, reason=WHY, by=town.unit_manager)
        html = as_(role).get(page(incident)).content.decode()
        assert "Arbetsmiljöverket" in html
        assert WHY not in html
        assert WHY in as_("unit_manager").get(page(incident)).content.decode()

    def test_it_is_decided_on_its_page(self, town: Town, as_: As) -> None:
        incident = grave_case(town)
        address = page(incident, "notice_decide", duty(incident))
        assert as_("unit_manager").post(address, {"notifiable": "yes"}).status_code == 422
        response = as_("unit_manager").post(address, {"notifiable": "yes", "reason": WHY})
        assert response.url == page(incident)  # type: ignore[attr-defined]
        assert duties(incident)["work-environment"] == "due"

    def test_one_report_for_two_duties_is_noted_once(self, town: Town, as_: As) -> None:
        incident = grave_case(town)
        decide_notice(notice=duty(incident), notifiable=True, reason=WHY, by=town.unit_manager)
        now = timezone.localtime(clock.now())
        data = {"on": now.date().isoformat(), "at": f"{now:%H:%M}", "receipt": "AV-1"}
        data["also"] = str(duty(incident, "work-injury").public_id)
        as_("unit_manager").post(page(incident, "notice_done", duty(incident)), data)
        assert set(duties(incident).values()) == {"done"}
        as_("unit_manager").post(page(incident, "notice_receipt", duty(incident)), {"receipt": "AV-2"})
        assert duty(incident).receipt == "AV-2"

    def test_a_time_ahead_is_told_at_its_field_and_nothing_typed_is_lost(self, town: Town, as_: As) -> None:
        incident = grave_case(town)
        day = clock.today() + timedelta(days=1)
        address = page(incident, "notice_done", duty(incident, "work-injury"))
        response = as_("unit_manager").post(address, {"on": day.isoformat(), "at": "08.00", "receipt": "FK-77"})
        assert response.status_code == 422
        assert "FK-77" in response.content.decode()

    def test_when_the_municipality_became_aware_is_corrected(self, town: Town, as_: As) -> None:
        incident = grave_case(town, occurred_on=clock.today() - timedelta(days=2))
        day = clock.today() - timedelta(days=1)
        data = {"on": day.isoformat(), "at": "08.00", "reason": "Chefen fick veta dagen innan"}
        as_("unit_manager").post(page(incident, "aware"), data)
        assert timezone.localtime(duty(incident).started_at).date() == day

    def test_a_duty_of_a_case_that_one_does_not_see_is_not_there(self, town: Town, as_: As) -> None:
        incident = grave_case(town)
        assert as_("other_manager").get(page(incident, "notice_decide", duty(incident))).status_code == 404

    def test_the_questions_that_decide_are_named_when_nobody_has_answered(self, town: Town, as_: As) -> None:
        html = as_("unit_manager").get(page(report(town))).content.decode()
        assert page(report(town), "answers").split("/")[-2] in html
        assert "<li>" in html


class TestAnswers:
    def test_a_correction_begins_a_duty_and_leaves_its_trace(self, town: Town, as_: As) -> None:
        incident = report(town)
        response = as_("unit_manager").post(
            page(incident, "answers"), sent(incident, affected="employee", injury="physical", injury_degree="serious")
        )
        assert response.url == page(incident)  # type: ignore[attr-defined]
        incident.refresh_from_db()
        assert set(duties(incident)) == {"work-environment", "work-injury"}
        told = incident.statuses.get(change=IncidentStatus.Change.ANSWERS)
        assert WHY in told.reason
        assert "Allvarlig" not in told.reason
        assert incident.history.latest().injury_degree == "serious"
        assert incident.history.latest().history_user == town.unit_manager

    def test_an_answer_without_a_column_is_kept_too(self, town: Town, as_: As) -> None:
        incident = report(town)
        as_("unit_manager").post(page(incident, "answers"), sent(incident, personal_data="yes"))
        assert duties(incident) == {"personal-data": "to_decide"}
        as_("unit_manager").post(page(incident, "answers"), sent(incident, personal_data=""))
        assert not incident.open_answers.filter(key="personal_data").exists()

    def test_nothing_changed_is_no_change(self, town: Town, as_: As) -> None:
        incident = grave_case(town)
        as_("unit_manager").post(page(incident, "answers"), sent(incident))
        assert not incident.statuses.filter(change=IncidentStatus.Change.ANSWERS).exists()

    def test_not_without_a_reason(self, town: Town, as_: As) -> None:
        incident = report(town)
        response = as_("unit_manager").post(page(incident, "answers"), sent(incident, place="home_visit", reason=""))
        assert response.status_code == 422
        incident.refresh_from_db()
        assert incident.place == ""

    def test_two_at_once_both_values_are_shown_and_one_chooses(self, town: Town, as_: As) -> None:
        incident = report(town)
        mine = sent(incident, affected="pupil", place="home_visit")
        seen = answers_of(incident)
        theirs = {**seen, "affected": "employee"}
        change_answers(incident=incident, answers=theirs, seen=seen, reason="Annat", by=town.head)
        response = as_("unit_manager").post(page(incident, "answers"), mine)
        assert response.status_code == 422
        html = response.content.decode()
        assert "<table" in html
        incident.refresh_from_db()
        assert (incident.affected, incident.place) == ("employee", "")
        again = mine | {"seen": response.context["form"].data["seen"]}
        assert as_("unit_manager").post(page(incident, "answers"), again).status_code == 302
        incident.refresh_from_db()
        assert (incident.affected, incident.place) == ("pupil", "home_visit")

    def test_another_question_answered_meanwhile_stays(self, town: Town, as_: As) -> None:
        incident = report(town)
        mine = sent(incident, place="home_visit")
        seen = answers_of(incident)
        answers = {**seen, "affected": "employee"}
        change_answers(incident=incident, answers=answers, seen=seen, reason="Annat", by=town.head)
        assert as_("unit_manager").post(page(incident, "answers"), mine).status_code == 302
        incident.refresh_from_db()
        assert (incident.affected, incident.place) == ("employee", "home_visit")

    def test_control_without_what_was_seen_the_others_answer_would_be_lost(self, town: Town) -> None:
        """Were the whole form written as it stood, the later would undo the earlier in silence."""
        incident = report(town)
        mine = {**answers_of(incident), "place": "home_visit"}
        seen = answers_of(incident)
        change_answers(
            incident=incident, answers={**seen, "affected": "employee"}, seen=seen, reason="Annat", by=town.head
        )
        now = answers_of(Incident.objects.get(pk=incident.pk))
        change_answers(incident=incident, answers=mine, seen=now, reason="Mitt", by=town.unit_manager)
        assert Incident.objects.get(pk=incident.pk).affected == ""

    def test_a_closed_case_is_taken_up_again_first(self, town: Town, as_: As) -> None:
        incident = report(town)
        Incident.objects.filter(pk=incident.pk).update(state="closed")
        assert as_("unit_manager").get(page(incident, "answers")).url == page(incident, "case")  # type: ignore[attr-defined]

    def test_that_the_manager_is_the_other_party_is_not_offered(self, town: Town) -> None:
        form = AnswersForm(standing=answers_of(report(town)))
        assert "manager" not in dict(form.fields["other_party"].choices)  # type: ignore[attr-defined]


class TestMyWork:
    def test_the_handler_is_reminded_among_the_rest(self, town: Town) -> None:
        incident = grave_case(town)
        mine = [item for item in work_for(town.unit_manager) if item.url == page(incident)]
        assert len(mine) == 2
        assert incident.label in mine[0].title

    @pytest.mark.parametrize("role", ["employee", "safety_coordinator", "other_manager", "safety_representative"])
    def test_nobody_else_is(self, town: Town, role: str) -> None:
        incident = grave_case(town)
        assert not [item for item in work_for(town.people[role]) if item.url == page(incident)]


def test_the_page_asks_as_much_for_many_changes_as_for_few(
    town: Town, as_: As, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    incident = grave_case(town)
    client = as_("unit_manager")
    client.get(page(incident))
    for _time in range(5):
        decide_notice(notice=duty(incident), notifiable=False, reason=WHY, by=town.unit_manager)
        decide_notice(notice=duty(incident), notifiable=True, reason=WHY, by=town.head)
    with django_assert_max_num_queries(20):
        client.get(page(incident))
