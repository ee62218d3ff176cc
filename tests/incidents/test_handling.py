"""What a handler does to a case: marks it, answers and closes it, takes it up again."""

import pytest
from django.core import mail
from django.urls import reverse

from incidents import notices
from incidents.errors import DecisionsOpen, OwnReport, ReasonMissing
from incidents.models import IncidentState, IncidentStatus, NoticeState
from incidents.services import close_case, handling, mark_serious, reopen_case
from incidents.services.handling import open_decisions
from incidents.transitions import TRANSITIONS, may_become
from notifications.models import OutboxMessage
from notifications.services import deliver_message
from organisation.errors import NotAllowed, WrongState
from organisation.models import User
from tests.factories.clocks import grave_case
from tests.factories.incidents import read, report

ANSWER = "Vi har satt in en extra kollega på kvällen."
SEES_ONLY = ("safety_coordinator", "safety_representative", "unit_ombud")


@pytest.fixture
def incident(town):
    """A case that the unit manager has read."""
    return read(report(town), town.unit_manager)


def address(what, incident):
    return reverse(f"incidents:{what}", args=[incident.public_id])


def close(incident, by):
    return close_case(incident=incident, feedback=ANSWER, by=by)


def test_every_state_has_its_ways_on():
    assert set(TRANSITIONS) == set(IncidentState)
    assert not may_become(IncidentState.NEW, IncidentState.CLOSED)


def test_closing_answers_the_reporter(town, incident):
    assert close(incident, town.unit_manager).state == IncidentState.CLOSED
    last = incident.statuses.last()
    assert (last.from_state, last.to_state, last.by, last.reason) == ("read", "closed", town.unit_manager, ANSWER)


def test_the_times_that_are_counted(town, incident):
    assert incident.read_at is not None
    closed = close(incident, town.unit_manager)
    assert closed.closed_at == closed.first_answered_at
    first = closed.first_answered_at
    reopened = reopen_case(incident=incident, reason="Det hände igen.", by=town.head)
    assert (reopened.closed_at, reopened.first_answered_at) == (None, first)
    assert close(incident, town.head).first_answered_at == first


def test_closed_without_an_answer_with_the_reason_why(town, incident):
    closed = close_case(incident=incident, feedback="", unanswered_because="Ingen går att nå.", by=town.unit_manager)
    assert (closed.is_closed, closed.first_answered_at) == (True, None)
    last = incident.statuses.last()
    assert (last.change, last.reason) == (IncidentStatus.Change.CLOSED_UNANSWERED, "Ingen går att nå.")
    assert notices._what_is_new(last) != notices._what_is_new(incident.statuses.first())


def test_not_closed_while_it_is_undecided_whether_to_notify(town):
    grave = read(grave_case(town), town.unit_manager)
    with pytest.raises(DecisionsOpen) as refused:
        close(grave, town.unit_manager)
    assert all(duty in str(refused.value) for duty in open_decisions(grave))
    assert open_decisions(grave)
    grave.refresh_from_db()
    assert not grave.is_closed
    grave.notices.all().delete()
    assert close(grave, town.unit_manager).is_closed


def test_control_without_the_question_it_would_be_closed_over_them(town, monkeypatch):
    grave = read(grave_case(town), town.unit_manager)
    monkeypatch.setattr(handling, "require_decisions", lambda _incident: None)
    assert close(grave, town.unit_manager).is_closed
    assert grave.notices.filter(state=NoticeState.TO_DECIDE).exists()


def test_a_closed_case_can_be_taken_up_again(town, incident):
    close(incident, town.unit_manager)
    assert reopen_case(incident=incident, reason="Det hände igen.", by=town.head).state == IncidentState.READ
    assert incident.statuses.last().reason == "Det hände igen."


def test_serious_is_marked_and_taken_away_with_a_reason(town, incident):
    assert mark_serious(incident=incident, serious=True, reason="Kniv.", by=town.unit_manager).serious
    assert not mark_serious(incident=incident, serious=False, reason="Ingen kniv.", by=town.unit_manager).serious
    changes = list(incident.statuses.values_list("change", "reason"))[-2:]
    assert changes == [(IncidentStatus.Change.SERIOUS, "Kniv."), (IncidentStatus.Change.NOT_SERIOUS, "Ingen kniv.")]


@pytest.mark.parametrize("role", [*SEES_ONLY, "other_manager", "employee"])
def test_others_change_nothing(town, incident, role):
    by = town.people[role]
    with pytest.raises(NotAllowed):
        close(incident, by)
    with pytest.raises(NotAllowed):
        mark_serious(incident=incident, serious=True, reason="Därför.", by=by)
    close(incident, town.unit_manager)
    with pytest.raises(NotAllowed):
        reopen_case(incident=incident, reason="Därför.", by=by)


def test_nobody_answers_their_own_report(town):
    own = read(report(town, by="unit_manager"), town.head)
    with pytest.raises(OwnReport):
        close(own, town.unit_manager)
    assert close(own, town.head).is_closed


@pytest.mark.parametrize("words", ["", "   "])
def test_words_are_needed(town, incident, words):
    with pytest.raises(ReasonMissing):
        close_case(incident=incident, feedback=words, by=town.unit_manager)
    with pytest.raises(ReasonMissing):
        mark_serious(incident=incident, serious=True, reason=words, by=town.unit_manager)


def test_only_what_the_state_allows(town, incident):
    unread = report(town)
    with pytest.raises(WrongState):
        close(unread, town.unit_manager)
    with pytest.raises(WrongState):
        reopen_case(incident=incident, reason="Därför.", by=town.unit_manager)
    with pytest.raises(WrongState):
        mark_serious(incident=incident, serious=False, reason="Därför.", by=town.unit_manager)
    close(incident, town.unit_manager)
    with pytest.raises(WrongState):
        close(incident, town.head)
    with pytest.raises(WrongState):
        mark_serious(incident=incident, serious=True, reason="Därför.", by=town.unit_manager)


def test_closing_is_whole_or_not_at_all(town, incident, monkeypatch):
    def fail(_status):
        raise RuntimeError

    monkeypatch.setattr(notices, "tell_reporter", fail)
    with pytest.raises(RuntimeError):
        close(incident, town.unit_manager)
    incident.refresh_from_db()
    assert incident.state == IncidentState.READ
    assert not incident.statuses.filter(reason=ANSWER).exists()


def test_the_reporter_is_mailed_without_the_answer_and_without_a_name_in_the_outbox(town, incident):
    User.objects.filter(pk=town.employee.pk).update(email="lisa@kommunen.se")
    close(incident, town.unit_manager)
    message = OutboxMessage.objects.get(topic=notices.REPORTER_TOLD)
    assert message.payload == {"status_id": incident.statuses.last().pk}
    deliver_message(message.pk)
    sent = mail.outbox[0]
    assert sent.to == ["lisa@kommunen.se"]
    assert incident.label in sent.subject
    assert ANSWER not in sent.body
    assert str(incident.public_id) in sent.body


def test_a_message_about_a_case_that_is_gone_is_no_error(db):
    notices.deliver_to_reporter(status_id=0)


class TestPages:
    def test_close_and_reopen(self, as_, incident):
        client = as_("unit_manager")
        done = client.post(address("close", incident), {"close-feedback": ANSWER})
        assert done.url == address("case", incident)
        assert "reopen" in client.get(done.url).context["forms"]
        client.post(address("reopen", incident), {"reopen-reason": "Det hände igen."})
        incident.refresh_from_db()
        assert incident.state == IncidentState.READ

    def test_close_without_an_answer(self, as_, incident):
        sent = {"close-unanswered": "on", "close-why": "Ingen går att nå."}
        assert as_("unit_manager").post(address("close", incident), sent).status_code == 302
        assert "Ingen går att nå." in as_("employee").get(address("case", incident)).content.decode()

    def test_what_is_undecided_stands_before_the_answer(self, town, as_):
        grave = read(grave_case(town), town.unit_manager)
        page = as_("unit_manager").get(address("case", grave))
        assert page.context["undecided"]
        refused = as_("unit_manager").post(address("close", grave), {"close-feedback": ANSWER})
        assert refused.status_code == 422
        assert ANSWER in refused.content.decode()

    def test_serious(self, as_, incident):
        client = as_("unit_manager")
        client.post(address("serious", incident), {"serious-reason": "Kniv.", "serious": "yes"})
        incident.refresh_from_db()
        assert incident.serious
        client.post(address("serious", incident), {"serious-reason": "Ingen kniv.", "serious": "no"})
        incident.refresh_from_db()
        assert not incident.serious

    @pytest.mark.parametrize(
        ("what", "sent"),
        [
            ("close", {"close-feedback": ""}),
            ("close", {"close-feedback": "a" * 2001}),
            ("close", {"close-unanswered": "on"}),
            ("close", {"close-unanswered": "on", "close-why": "Därför.", "close-feedback": "Men ändå."}),
            ("close", {"close-why": "Därför."}),
            ("serious", {"serious-reason": "", "serious": "yes"}),
            ("serious", {"serious-reason": "Redan så.", "serious": "no"}),
            ("reopen", {"reopen-reason": "Den är inte stängd."}),
        ],
    )
    def test_a_mistake_is_named_and_nothing_changed(self, as_, incident, what, sent):
        page = as_("unit_manager").post(address(what, incident), sent)
        assert page.status_code == 422
        assert "govuk-error-summary" in page.content.decode()
        incident.refresh_from_db()
        assert (incident.state, incident.serious) == (IncidentState.READ, False)

    def test_the_second_of_two_who_close_is_told(self, as_, incident):
        as_("head").post(address("close", incident), {"close-feedback": ANSWER})
        page = as_("unit_manager").post(address("close", incident), {"close-feedback": "Mitt eget svar."})
        assert page.status_code == 422
        assert "Mitt eget svar." in page.content.decode()
        assert incident.statuses.filter(to_state="closed").count() == 1

    @pytest.mark.parametrize("role", SEES_ONLY)
    def test_those_who_only_see_it_have_no_buttons_and_are_refused(self, as_, incident, role):
        client = as_(role)
        assert client.get(address("case", incident)).context["forms"] == {}
        assert client.post(address("close", incident), {"close-feedback": ANSWER}).status_code == 403

    @pytest.mark.parametrize("what", ["close", "serious", "reopen"])
    def test_those_who_do_not_see_it_find_nothing(self, as_, other_town, client, incident, what):
        assert as_("other_manager").post(address(what, incident)).status_code == 404
        client.force_login(other_town.unit_manager)
        assert client.post(address(what, incident)).status_code == 404

    @pytest.mark.parametrize("what", ["close", "serious", "reopen"])
    def test_a_link_changes_nothing(self, as_, incident, what):
        assert as_("unit_manager").get(address(what, incident)).status_code == 405
