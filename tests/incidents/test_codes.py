"""By code, without log-in: the code itself, tries, where the report stands, and what is said both ways."""

import uuid
from datetime import timedelta

import pypdfium2
import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from incidents import services, tasks
from incidents.errors import NothingWritten, OwnReport, SentBySomeoneElse, TooManyTries, UnknownCode, WithdrawnAlready
from incidents.models import CodeLookups, Incident, IncidentStatus, Message, ReportCode
from incidents.notices import deliver_to_reporter
from incidents.services import codes
from incidents.status_page import when
from notifications.models import OutboxMessage
from organisation import clock
from organisation.errors import NotAllowed
from organisation.models import Ruleset
from tests.factories.incidents import give_reported, read, report
from tests.factories.organisation import make_municipality
from tests.services.at_once import at_once, done

HERE = "192.0.2.7"


@pytest.fixture
def without_login(town):
    """The town takes reports from whoever has the poster before them."""
    Ruleset.objects.filter(municipality=town.municipality).update(settings={"reports_without_login": True})
    return town


def send(town, client=None, **changed):
    """Report without log-in and return the browser and the incident."""
    client = client or Client()
    address = reverse("report:form", args=[town.bodies["care-north"].report_code])
    form = client.get(address).context["form"]
    sent = {
        "kind": "threat",
        "occurred_when": "just_now",
        "submission_key": str(form["submission_key"].value()),
        "person": form["person"].value(),
    } | changed
    answer = client.post(address, sent)
    return client, Incident.objects.get(public_id=answer.url.rstrip("/").rsplit("/", 1)[-1])


def status_of(incident):
    return reverse("report:status", args=[incident.public_id])


@pytest.mark.django_db
class TestCode:
    def test_it_has_sixteen_digits_and_only_its_hash_is_stored(self, town):
        incident = report(town)
        code = services.code_of(incident)
        assert len(code) == 16
        assert code.isdigit()
        kept = ReportCode.objects.get(incident=incident)
        assert code not in str(vars(kept))
        assert services.grouped(code).count(" ") == 3

    def test_every_report_has_its_own(self, town):
        assert len({services.code_of(report(town)) for _ in range(5)}) == 5

    def test_it_is_the_same_however_often_the_form_is_sent(self, town):
        key = uuid.uuid4()
        assert services.code_of(report(town, submission_key=key)) == services.code_of(report(town, submission_key=key))

    def test_it_depends_on_the_portals_own_key(self, town, settings):
        incident = report(town)
        before = services.code_of(incident)
        settings.SECRET_KEY = "en-helt-annan-nyckel-som-ingen-har-sett"
        assert services.code_of(incident) == ""
        with pytest.raises(UnknownCode):
            services.incident_by_code(code=before, address=HERE)

    def test_it_survives_a_change_of_the_portals_key(self, town, settings):
        incident = report(town)
        before = services.code_of(incident)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "en-helt-annan-nyckel-som-ingen-har-sett"
        assert services.code_of(incident) == before
        assert services.incident_by_code(code=before, address=HERE) == incident

    def test_spaces_and_dashes_do_not_matter(self, town):
        incident = report(town)
        code = services.grouped(services.code_of(incident))
        assert services.incident_by_code(code=code, address=HERE) == incident
        assert services.incident_by_code(code=code.replace(" ", "-"), address=HERE) == incident

    @pytest.mark.parametrize("wrong", ["", "1", "0" * 16, "åäö", "' OR 1=1"])
    def test_a_wrong_code_opens_nothing(self, town, wrong):
        report(town)
        with pytest.raises(UnknownCode):
            services.incident_by_code(code=wrong, address=HERE)

    def test_a_case_that_is_disposed_of_has_no_door(self, town):
        incident = report(town)
        code = services.code_of(incident)
        Incident.objects.filter(pk=incident.pk).update(disposed_at=clock.now())
        with pytest.raises(UnknownCode):
            services.incident_by_code(code=code, address=HERE)


@pytest.mark.django_db
class TestTries:
    @pytest.fixture(autouse=True)
    def _few(self, monkeypatch):
        monkeypatch.setattr(codes, "MOST_WRONG", 3)

    def wrong(self, address=HERE):
        with pytest.raises(UnknownCode):
            services.incident_by_code(code="1" * 16, address=address)

    def test_too_many_wrong_ones_shut_the_door_for_an_hour(self, town, monkeypatch):
        incident = report(town)
        code = services.code_of(incident)
        for _ in range(3):
            self.wrong()
        with pytest.raises(TooManyTries):
            services.incident_by_code(code=code, address=HERE)
        assert services.incident_by_code(code=code, address="192.0.2.8") == incident
        later = clock.now() + timedelta(hours=1, minutes=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert services.incident_by_code(code=code, address=HERE) == incident

    def test_control_without_the_limit_guessing_goes_on(self, town, monkeypatch):
        monkeypatch.setattr(codes, "MOST_WRONG", 10**9)
        for _ in range(10):
            self.wrong()

    def test_right_codes_are_not_limited(self, town):
        code = services.code_of(report(town))
        for _ in range(10):
            services.incident_by_code(code=code, address=HERE)

    def test_it_fails_closed(self, town, monkeypatch):
        def down(*_arguments):
            raise DatabaseError

        code = services.code_of(report(town))
        monkeypatch.setattr(codes, "_counted", down)
        with pytest.raises(TooManyTries):
            services.incident_by_code(code=code, address=HERE)

    def test_the_address_itself_is_not_kept_and_counters_are_forgotten(self, town, monkeypatch):
        self.wrong()
        assert HERE not in str(vars(CodeLookups.objects.get()))
        assert tasks.forget_lookups() == 0
        later = clock.now() + timedelta(days=3)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert tasks.forget_lookups() == 1


@pytest.mark.django_db
class TestWithoutLogin:
    def test_a_report_needs_no_account(self, without_login):
        client, incident = send(without_login, text="Någon skrek.")
        assert incident.channel == "poster"
        assert not incident.identities.exists()
        assert incident.narratives.get().text == "Någon skrek."
        page = client.get(reverse("report:receipt", args=[incident.public_id])).content.decode()
        assert services.grouped(services.code_of(incident)) in page
        assert "Maja Exempelsson" in page

    def test_name_and_telephone_are_kept_apart(self, without_login):
        _client, incident = send(without_login, **{"q-name": "Rut Rapportsson", "q-contact": "070-174 06 99"})
        identity = incident.identities.get()
        assert (identity.name, identity.contact, identity.person) == ("Rut Rapportsson", "070-174 06 99", None)

    def test_elsewhere_log_in_is_asked_for(self, town):
        address = reverse("report:form", args=[town.bodies["care-north"].report_code])
        assert "/account/login/" in Client().get(address).url
        sent = Client().post(address, {"kind": "threat", "occurred_when": "just_now", "person": "-"})
        assert "/account/login/" in sent.url
        assert not Incident.objects.exists()
        with pytest.raises(NotAllowed):
            services.report_incident(
                body=town.bodies["care-north"],
                kind="threat",
                occurred_when="just_now",
                occurred_on=clock.today(),
                text="",
                by=None,
                submission_key=uuid.uuid4(),
            )

    def test_a_form_shown_without_login_names_nobody_who_logs_in_meanwhile(self, without_login, as_):
        client = Client()
        address = reverse("report:form", args=[without_login.bodies["care-north"].report_code])
        form = client.get(address).context["form"]
        client.force_login(without_login.employee)
        client.post(address, {"kind": "threat", "occurred_when": "just_now", "person": form["person"].value()})
        assert not Incident.objects.get().identities.exists()

    def test_sending_twice_gives_the_same_receipt(self, without_login):
        client = Client()
        address = reverse("report:form", args=[without_login.bodies["care-north"].report_code])
        key = str(client.get(address).context["form"]["submission_key"].value())
        same = {"kind": "threat", "occurred_when": "just_now", "submission_key": key, "person": "-"}
        assert client.post(address, same).url == client.post(address, same).url
        assert Incident.objects.count() == 1

    def test_an_account_can_not_take_over_what_came_without(self, without_login):
        _client, incident = send(without_login)
        with pytest.raises(SentBySomeoneElse):
            services.sent_before(incident.submission_key, without_login.employee)

    def test_a_shared_address_is_never_a_reason_to_refuse(self, without_login, monkeypatch):
        """Beyond the first few an hour their mails are bundled; each report is taken, numbered and given."""
        monkeypatch.setattr(codes, "MOST_TOLD", 2)
        found = [send(without_login)[1] for _ in range(6)]
        give_reported()
        assert [incident.held for incident in found] == [False, False, True, True, True, True]
        assert all(incident.assignments.exists() for incident in found)
        mails = OutboxMessage.objects.filter(topic="mail", payload__person_id=without_login.unit_manager.pk)
        assert mails.count() == 3

    def test_control_without_bundling_each_has_its_mail(self, without_login, monkeypatch):
        monkeypatch.setattr("incidents.report_flow.is_one_of_many", lambda **_: False)
        monkeypatch.setattr(codes, "MOST_TOLD", 2)
        for _ in range(6):
            send(without_login)
        give_reported()
        mails = OutboxMessage.objects.filter(topic="mail", payload__person_id=without_login.unit_manager.pk)
        assert mails.count() == 6

    def test_counting_fails_open(self, without_login, monkeypatch):
        def down(*_arguments):
            raise DatabaseError

        monkeypatch.setattr(codes, "_counted", down)
        assert not send(without_login)[1].held


@pytest.mark.django_db
class TestPages:
    def test_a_stranger_sees_nothing_by_the_address_alone(self, without_login):
        _client, incident = send(without_login)
        stranger = Client()
        assert stranger.get(status_of(incident)).url == reverse("report:code")
        assert "/account/login/" in stranger.get(reverse("report:receipt", args=[incident.public_id])).url
        assert "/account/login/" in stranger.get(reverse("report:receipt_pdf", args=[incident.public_id])).url
        assert stranger.post(status_of(incident), {"message-text": ""}).url == reverse("report:code")

    def test_every_page_says_whose_it_is(self, without_login):
        client, incident = send(without_login)
        own = [reverse(f"report:{name}", args=[incident.public_id]) for name in ("receipt", "status", "withdraw")]
        form = reverse("report:form", args=[incident.body.report_code])
        for address in (form, *own):
            head = client.get(address).content.decode().split("</header>")[0]
            assert without_login.municipality.full_name in head

    def test_the_code_opens_it_and_never_stands_in_an_address(self, without_login):
        _client, incident = send(without_login)
        code, client = services.code_of(incident), Client()
        answer = client.post(reverse("report:code"), {"code": services.grouped(code)})
        assert answer.url == status_of(incident)
        assert code not in answer.url
        page = client.get(answer.url)
        assert incident.label in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        assert "no-store" in client.get(reverse("report:code"))["Cache-Control"]
        assert code not in str(dict(client.session))

    def test_a_wrong_code_is_told_at_the_field(self, town):
        page = Client().post(reverse("report:code"), {"code": "1234"})
        assert page.status_code == 422
        assert page.context["form"].errors["code"]

    def test_it_closes_by_itself_and_by_a_button(self, without_login, monkeypatch):
        client, incident = send(without_login)
        assert client.get(status_of(incident)).status_code == 200
        now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=31))
        assert client.get(status_of(incident)).status_code == 302
        monkeypatch.undo()
        client, incident = send(without_login)
        client.post(reverse("report:leave"))
        assert client.get(status_of(incident)).status_code == 302

    def test_opening_changes_the_sessions_key(self, without_login):
        """Who has planted a session in a browser must not see what is opened in it."""
        client = Client()
        client.get(reverse("report:form", args=[without_login.bodies["care-north"].report_code]))
        planted = client.session.session_key
        client, _incident = send(without_login, client)
        assert client.session.session_key != planted

    def test_one_opened_report_opens_no_other(self, without_login):
        _client, other = send(without_login)
        client, _mine = send(without_login)
        assert client.get(status_of(other)).status_code == 302

    def test_what_was_typed_when_the_time_ran_out_comes_back(self, without_login):
        client, incident = send(without_login)
        client.post(reverse("report:leave"))
        page = client.post(status_of(incident), {"message-text": "Långa ord som tog tid."})
        assert page.context["kept"] == "Långa ord som tog tid."
        back = client.post(
            reverse("report:code"), {"code": services.code_of(incident), "kept": "Långa ord som tog tid."}
        )
        assert back.context["form"]["text"].value() == "Långa ord som tog tid."

    def test_the_receipt_is_a_paper_with_number_and_code(self, without_login):
        client, incident = send(without_login)
        paper = client.get(reverse("report:receipt_pdf", args=[incident.public_id]))
        text = pypdfium2.PdfDocument(paper.content)[0].get_textpage().get_text_bounded()
        for expected in (incident.label, services.grouped(services.code_of(incident)), "114 14", "112", "/r/code/"):
            assert expected in text

    def test_the_reporter_sees_it_logged_in_too_and_nobody_else_does(self, town, as_):
        incident = report(town)
        assert as_("employee").get(status_of(incident)).status_code == 200
        assert as_("unit_manager").get(status_of(incident)).status_code == 404
        assert as_("unit_manager").post(status_of(incident), {"message-text": "x"}).status_code == 404


@pytest.mark.django_db
class TestConversation:
    def test_who_has_read_it_stands_there(self, without_login):
        client, incident = send(without_login)
        before = client.get(status_of(incident)).content.decode()
        assert "Maja Exempelsson" in before
        read(incident, without_login.unit_manager)
        steps = client.get(status_of(incident)).context["steps"]
        assert any("enhetschef" in step["title"] and step["done"] for step in steps if "done" in step)

    def test_questions_and_answers_go_both_ways_with_receipts(self, without_login):
        client, incident = send(without_login)
        manager = without_login.unit_manager
        read(incident, manager)
        asked = services.ask_reporter(
            incident=incident, text="Var det i entrén?", by=manager, submission_key=uuid.uuid4()
        )
        page = client.get(status_of(incident))
        assert "Var det i entrén?" in page.content.decode()
        asked.refresh_from_db()
        assert asked.read_at is not None
        client.post(status_of(incident), {"message-text": "Ja, vid dörren."})
        answer = incident.messages.get(from_reporter=True)
        assert (answer.kind, answer.by) == (Message.Kind.ANSWER, None)
        assert services.mark_messages_read(incident=incident, by=manager) == 1
        mine = client.get(status_of(incident)).context["messages_told"][-1]
        answer.refresh_from_db()
        assert when(answer.read_at) in mine["read"]

    def test_an_addition_is_told_to_the_one_who_has_it_and_never_its_words(self, without_login):
        client, incident = send(without_login)
        give_reported()
        client.post(status_of(incident), {"message-text": "Det var KANARIE i hissen."})
        assert incident.messages.get().kind == Message.Kind.ADDITION
        mail = OutboxMessage.objects.get(once_key__startswith="mail:incident-message:")
        assert mail.payload["person_id"] == without_login.unit_manager.pk
        assert "KANARIE" not in str(mail.payload)

    def test_a_message_to_somebody_without_account_mails_nobody(self, without_login, mailoutbox):
        _client, incident = send(without_login, **{"q-name": "Rut"})
        manager = without_login.unit_manager
        services.ask_reporter(incident=incident, text="Hur mår du?", by=manager, submission_key=uuid.uuid4())
        deliver_to_reporter(status_id=incident.statuses.get(change=IncidentStatus.Change.MESSAGE).pk)
        assert mailoutbox == []

    def test_the_same_message_again_is_the_same(self, town):
        incident, key = report(town), uuid.uuid4()
        first = services.add_from_reporter(incident=incident, text="Mer.", submission_key=key)
        assert services.add_from_reporter(incident=incident, text="Mer.", submission_key=key) == first

    def test_an_empty_message_is_refused(self, without_login):
        client, incident = send(without_login)
        assert client.post(status_of(incident), {"message-text": "  "}).status_code == 422
        with pytest.raises(NothingWritten):
            services.add_from_reporter(incident=incident, text=" ", submission_key=uuid.uuid4())

    def test_only_a_handler_asks(self, town):
        incident = report(town)
        with pytest.raises(NotAllowed):
            services.ask_reporter(
                incident=incident, text="Hej?", by=town.safety_representative, submission_key=uuid.uuid4()
            )
        own = report(town, by="unit_manager")
        with pytest.raises(OwnReport):
            services.ask_reporter(incident=own, text="Hej?", by=town.unit_manager, submission_key=uuid.uuid4())
        with pytest.raises(NotAllowed):
            services.mark_messages_read(incident=incident, by=town.employee)

    def test_a_withdrawal_is_a_note_and_erases_nothing(self, without_login):
        client, incident = send(without_login, text="Det som hände.")
        key = str(uuid.uuid4())
        withdraw = reverse("report:withdraw", args=[incident.public_id])
        assert client.get(withdraw).status_code == 200
        client.post(withdraw, {"reason": "Det löste sig.", "submission_key": key})
        incident.refresh_from_db()
        assert incident.withdrawn_at is not None
        assert incident.narratives.get().text == "Det som hände."
        assert incident.statuses.filter(change=IncidentStatus.Change.WITHDRAWN, by=None).count() == 1
        assert incident.history.filter(history_user__isnull=False).count() == 0
        assert client.post(withdraw, {"submission_key": str(uuid.uuid4())}).status_code == 422
        with pytest.raises(WithdrawnAlready):
            services.withdraw_report(incident=incident, reason="", submission_key=uuid.uuid4())
        assert services.withdraw_report(incident=incident, reason="", submission_key=uuid.UUID(key))

    def test_an_answer_to_the_offer_of_support(self, without_login):
        client, incident = send(without_login)
        services.offer_support(incident=incident, by=without_login.unit_manager)
        assert client.get(status_of(incident)).context["offer"]
        client.post(reverse("report:support", args=[incident.public_id]), {"accepted": "yes"})
        assert incident.support_offers.get().answer == "accepted"

    def test_the_closing_answer_is_read_by_code(self, without_login):
        client, incident = send(without_login)
        read(incident, without_login.unit_manager)
        services.close_case(incident=incident, feedback="Vi har bytt lås.", by=without_login.unit_manager)
        assert "Vi har bytt lås." in client.get(status_of(incident)).content.decode()


@pytest.mark.django_db(transaction=True)
def test_ten_sendings_without_login_at_once_are_one_case_and_one_code(transactional_db):
    town, key = make_municipality(), uuid.uuid4()
    Ruleset.objects.filter(municipality=town.municipality).update(settings={"reports_without_login": True})

    def one():
        return services.report_incident(
            body=town.bodies["care-north"],
            kind="threat",
            occurred_when="just_now",
            occurred_on=clock.today(),
            text="En gång.",
            by=None,
            submission_key=key,
        )

    sent = done(at_once(*[one] * 10))
    assert {incident.pk for incident in sent} == {Incident.objects.get().pk}
    assert len({services.code_of(incident) for incident in sent}) == 1
    assert ReportCode.objects.count() == 1
