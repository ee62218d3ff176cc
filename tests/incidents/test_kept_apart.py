"""The reporter's words and name stand in one place each: a canary must be found nowhere else."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import mail, serializers
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.test import Client

from incidents.models import Identity, Incident, IncidentStatus, Narrative, ReadLog, ReportDraft
from incidents.services import close_case, mark_serious
from notifications.models import OutboxMessage
from notifications.services import deliver_message
from organisation.models import Appointment, User
from safety_portal.logs import JsonFormatter
from tests.factories.incidents import give_reported, read
from tests.factories.organisation import make_user

CANARY = "kanariefagel-i-gruvan"
# The only tables that may hold a case's text, and the only ones that may point from a case to its reporter.
MAY_HOLD_TEXT = {Narrative}


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged meanwhile, as the portal writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


@pytest.fixture
def incident(town, logged, django_capture_on_commit_callbacks):
    """A case that has been reported in the browser, read, marked, answered, and told about."""
    User.objects.filter(municipality=town.municipality).update(email=_real_address())
    with django_capture_on_commit_callbacks(execute=True):
        client = Client()
        client.force_login(town.employee)
        client.post(
            f"/r/{town.bodies['care-north'].report_code}/",
            {"kind": "violence", "occurred_when": "today", "text": f"Ordet är {CANARY}."},
        )
        give_reported()
        incident = read(Incident.objects.get(), town.unit_manager)
        mark_serious(incident=incident, serious=True, reason="Allvarligt.", by=town.unit_manager)
        close_case(incident=incident, feedback="Vi har pratat.", by=town.unit_manager)
    for message in OutboxMessage.objects.filter(done_at__isnull=True):
        deliver_message(message.pk)
    assert len(mail.outbox) == 3
    return incident


def _real_address():
    """An address per person outside the reserved domains, so that mail is really made."""
    return Concat(Value("p"), Cast(F("pk"), CharField()), Value("@kommunen.se"))


def holding(canary: str) -> set[type]:
    """The models with a row that holds ``canary`` in any column."""
    return {
        model
        for model in apps.get_models(include_auto_created=True)
        if canary in serializers.serialize("json", model._base_manager.all())
    }


def test_the_text_stands_in_one_table(incident):
    assert holding(CANARY) == MAY_HOLD_TEXT


def test_control_a_text_written_elsewhere_is_found(incident):
    IncidentStatus.objects.create(incident=incident, to_state="read", at=incident.reported_at, reason=CANARY)
    OutboxMessage.objects.create(topic="mail", payload={"body": CANARY}, not_before=incident.reported_at)
    assert holding(CANARY) == {Narrative, IncidentStatus, OutboxMessage}


def test_no_mail_and_no_log_holds_it(incident, logged):
    logging.getLogger("incidents").error("control %s", "line")
    assert "control line" in logged.getvalue()
    assert CANARY not in logged.getvalue()
    for message in mail.outbox:
        assert CANARY not in f"{message.subject} {message.body} {message.extra_headers}"


def test_control_a_log_line_with_the_text_is_found(logged):
    logging.getLogger("incidents").error(CANARY)
    assert CANARY in logged.getvalue()


def test_a_crash_while_sending_logs_places_and_not_words(town, logged, monkeypatch):
    def fail(**_answers):
        raise RuntimeError(f"could not write {CANARY}")

    monkeypatch.setattr("incidents.services.report_incident", fail)
    client = Client(raise_request_exception=False)
    client.force_login(town.employee)
    sent = client.post(
        f"/r/{town.bodies['care-north'].report_code}/", {"kind": "threat", "occurred_when": "today", "text": CANARY}
    )
    assert sent.status_code == 500
    assert "RuntimeError" in logged.getvalue()
    assert CANARY not in logged.getvalue()
    assert CANARY not in sent.content.decode()


@pytest.mark.parametrize("role", ["unit_manager", "safety_coordinator", "safety_representative", "head", "employee"])
def test_no_list_shows_it(as_, incident, role):
    for address in ("/incidents/", "/incidents/?state=all", "/incidents/mine/", "/"):
        assert CANARY not in as_(role).get(address).content.decode()


def test_the_reporter_is_named_in_one_table_only(town, incident):
    """No column of any row about the case points at the reporter, the history included."""
    reporter = town.employee.pk
    pointing = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is User and model._base_manager.filter(**{field.name: reporter}).exists():
                pointing.add(model)
    own = {Appointment, Appointment.history.model, Identity}
    assert {model for model in pointing if model._meta.app_label != "admin"} <= own


def test_control_a_history_that_names_the_reporter_is_found(town, incident):
    Incident.history.filter(id=incident.pk).update(history_user=town.employee)
    with pytest.raises(AssertionError):
        test_the_reporter_is_named_in_one_table_only(town, incident)


def test_the_handlers_changes_are_in_the_history(town, incident):
    assert [row.state for row in incident.history.order_by("history_id")][-1] == "closed"


def test_nothing_kept_apart_carries_history_or_is_in_the_admin(incident):
    for model in (Narrative, Identity, ReadLog, ReportDraft):
        assert not hasattr(model, "history")
        assert not admin.site.is_registered(model)


def test_the_operators_pages_show_no_words_and_no_reporter(town, incident):
    client = Client()
    client.force_login(make_user(None, "Driftansvarig", is_staff=True, is_superuser=True))
    for address in (
        "/operator/incidents/incident/",
        f"/operator/incidents/incident/{incident.pk}/change/",
        f"/operator/incidents/incident/{incident.pk}/history/",
    ):
        page = client.get(address)
        assert page.status_code == 200
        for hidden in (CANARY, "Vi har pratat.", town.employee.name):
            assert hidden not in page.content.decode()


def test_a_draft_is_not_logged(town, logged):
    client = Client()
    client.force_login(town.employee)
    address = f"/r/{town.bodies['care-north'].report_code}/"
    person = client.get(address).context["form"]["person"].value()
    client.logout()
    client.post(address, {"text": CANARY, "person": person})
    assert json.dumps(ReportDraft.objects.get().answers).count(CANARY) == 1
    assert CANARY not in logged.getvalue()
    assert CANARY not in person
