"""Secrecy marks: a warning by provision and reason, by whom, lifted with a reason; content that must not be here."""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from incidents.disclosure import fields
from incidents.errors import MarkedAlready, NothingToRemove, OwnReport, ProvisionMissing, ReasonMissing
from incidents.models import Disclosure, Identity, Incident, IncidentStatus, Message, Narrative, Purge, ReportDraft
from incidents.services import purging
from incidents.services.marking import lift_mark, mark_secret
from notifications.models import OutboxMessage
from organisation import clock
from organisation.errors import NotAllowed, WrongState
from tests.factories.incidents import report
from tests.incidents.test_kept_apart import holding
from tests.reading import text_of

pytestmark = pytest.mark.django_db
CANARY = "kanariefågel-under-jord"


@pytest.fixture
def case(town):
    return report(town, text="Han stod i dörren.")


def mark(case, by, **changed):
    return mark_secret(
        **({"incident": case, "provision": "OSL 39:3", "reason": "Rör en medarbetare.", "by": by} | changed)
    )


# --- Marked -------------------------------------------------------------------------------


def test_a_mark_says_provision_reason_and_by_whom(town, case):
    made = mark(case, town.head)
    assert (made.provision, made.reason, made.by) == ("OSL 39:3", "Rör en medarbetare.", town.head)
    case.refresh_from_db()
    assert case.secret
    assert case.statuses.last().change == IncidentStatus.Change.MARKED_SECRET


@pytest.mark.parametrize("role", ["safety_coordinator", "employee", "unit_ombud", "other_head"])
def test_only_who_handles_it_marks(town, case, role):
    with pytest.raises(NotAllowed):
        mark(case, town.people[role])
    assert not case.secrecy_marks.exists()


def test_nobody_marks_their_own_report(town):
    own = report(town, by="head")
    with pytest.raises((OwnReport, NotAllowed)):
        mark(own, town.head)


def test_a_case_kept_from_the_head_can_not_be_marked_by_them(town, case):
    case.withheld.create(person=town.head, at=clock.now())
    with pytest.raises(NotAllowed):
        mark(case, town.head)


@pytest.mark.parametrize(
    ("changed", "refusal"), [({"provision": " "}, ProvisionMissing), ({"reason": " "}, ReasonMissing)]
)
def test_a_mark_without_words_is_refused(town, case, changed, refusal):
    with pytest.raises(refusal):
        mark(case, town.head, **changed)
    case.refresh_from_db()
    assert not case.secret


def test_the_same_provision_is_marked_once(town, case):
    mark(case, town.head)
    with pytest.raises(MarkedAlready):
        mark(case, town.head)
    mark(case, town.head, provision="OSL 21:1")
    assert case.secrecy_marks.count() == 2


# --- Lifted -------------------------------------------------------------------------------


def test_the_last_mark_that_is_lifted_makes_the_case_open_again(town, case):
    for provision in ("OSL 39:3", "OSL 21:1"):
        mark(case, town.head, provision=provision)
    lift_mark(incident=case, provision="OSL 39:3", reason="Medarbetaren har slutat.", by=town.head)
    case.refresh_from_db()
    assert case.secret
    lifted = lift_mark(incident=case, provision="OSL 21:1", reason="Uppgiften är känd.", by=town.head)
    case.refresh_from_db()
    assert not case.secret
    assert (lifted.lifted_by, lifted.lifted_reason) == (town.head, "Uppgiften är känd.")


def test_a_mark_is_lifted_with_a_reason_by_who_may(town, case):
    mark(case, town.head)
    with pytest.raises(ReasonMissing):
        lift_mark(incident=case, provision="OSL 39:3", reason="", by=town.head)
    with pytest.raises(NotAllowed):
        lift_mark(incident=case, provision="OSL 39:3", reason="Nej", by=town.unit_manager)
    with pytest.raises(WrongState):
        lift_mark(incident=case, provision="OSL 26:1", reason="Fel", by=town.head)
    assert case.secrecy_marks.get().lifted_at is None


# --- The page -----------------------------------------------------------------------------


def test_the_head_marks_and_lifts_on_the_page(town, case, as_):
    address = f"/incidents/{case.public_id}/secrecy/"
    client = as_("head")
    assert client.get(address).status_code == 200
    sent = client.post(address, {"mark-provision": "other", "mark-typed": "OSL 40:5", "mark-reason": "Hemligt skäl"})
    assert sent.status_code == 302
    assert case.secrecy_marks.get().provision == "OSL 40:5"
    assert "Hemligt skäl" in text_of(as_("unit_manager").get(address))
    sent = client.post(f"{address}lift/", {"lift-provision": "OSL 40:5", "lift-reason": "Inte längre"})
    assert sent.status_code == 302
    assert case.secrecy_marks.get().lifted_at is not None


def test_a_mistake_keeps_what_was_typed(town, case, as_):
    address = f"/incidents/{case.public_id}/secrecy/"
    sent = as_("head").post(address, {"mark-provision": "other", "mark-typed": "", "mark-reason": "Behållna ord"})
    assert sent.status_code == 422
    assert "Behållna ord" in sent.content.decode()


def test_who_sees_the_case_without_handling_it_sees_no_mark(town, case, as_):
    mark(case, town.head, reason=CANARY)
    for role in ("employee", "unit_ombud", "safety_representative", "safety_coordinator"):
        page = as_(role).get(f"/incidents/{case.public_id}/")
        assert page.status_code == 200
        assert "OSL 39:3" not in page.content.decode()
        assert CANARY not in page.content.decode()
        assert as_(role).get(f"/incidents/{case.public_id}/secrecy/").status_code == 403


def test_control_without_the_right_asked_for_anybody_marks(town, case, monkeypatch):
    monkeypatch.setattr("incidents.services.locking.require_handler", lambda *_asked: None)
    mark(case, town.unit_ombud)
    assert case.secrecy_marks.exists()


# --- Every field has a class --------------------------------------------------------------


def test_every_field_of_a_case_has_a_class():
    unclassed = {}
    for name in fields.case_models():
        known = set(fields.FIELDS.get(name, ())) | fields.ties_of(name)
        if missing := {field.name for field in fields.model_of(name)._meta.concrete_fields} - known:
            unclassed[name] = missing
    assert not unclassed


def test_control_a_field_without_a_class_is_seen(monkeypatch):
    left = {name: kinds for name, kinds in fields.FIELDS.items() if name != "Message"}
    monkeypatch.setattr(fields, "FIELDS", left)
    with pytest.raises(AssertionError):
        test_every_field_of_a_case_has_a_class()


def test_a_class_names_a_field_that_is_there():
    for name, kinds in fields.FIELDS.items():
        assert set(kinds) <= {field.name for field in fields.model_of(name)._meta.concrete_fields}


def test_what_is_not_open_carries_no_history():
    for name, kinds in fields.FIELDS.items():
        if not hasattr(fields.model_of(name), "history"):
            continue
        kept = {field.name for field in fields.model_of(name).history.model._meta.concrete_fields}
        closed = {field for field, kind in kinds.items() if kind in (fields.NARRATIVE, fields.IDENTITY)}
        assert not closed & kept


# --- Content that must not be here --------------------------------------------------------


@pytest.fixture
def full(town, case):
    """A case with the canary in every text that it can hold, in copies made of it, and in a message."""
    now = clock.now()
    Narrative.objects.filter(incident=case).update(text=CANARY)
    case.narratives.create(key="course", text=CANARY)
    case.open_answers.create(key="expression", value=[CANARY])
    Identity.objects.create(incident=case, role=Identity.Role.WITNESS, name=CANARY, contact=CANARY)
    Message.objects.create(
        incident=case,
        kind="question",
        from_reporter=False,
        text=CANARY,
        by=town.head,
        at=now,
        submission_key=uuid.uuid4(),
    )
    case.tasks.create(kind="other", text=CANARY, outcome=CANARY, created_at=now)
    case.statuses.create(to_state=case.state, by=town.head, at=now, reason=CANARY)
    escalation = case.escalations.create(asked_by=town.head, asked_at=now, reason=CANARY, answer=CANARY)
    assert escalation.pk
    case.precautions.create(warned=CANARY, changed=CANARY, by=town.head, at=now)
    case.support_offers.create(offered_at=now, given_by=CANARY)
    case.secrecy_marks.create(provision="OSL 1:1", reason=CANARY, by=town.head, at=now)
    case.narrative_changes.create(key="cause_people", text=CANARY, by=town.head, at=now)
    public_id = uuid.uuid4()
    name = default_storage.save(f"disclosures/{public_id}/prov.pdf", ContentFile(CANARY.encode()))
    Disclosure.objects.create(
        public_id=public_id,
        municipality=case.municipality,
        incident=case,
        asked_by=CANARY,
        asked_for=CANARY,
        asked_on=clock.today(),
        outcome="masked",
        reason=CANARY,
        content={"rows": [CANARY]},
        file=name,
        decided_by=town.head,
        decided_at=now,
        submission_key=uuid.uuid4(),
    )
    ReportDraft.objects.create(
        municipality=case.municipality, person=town.employee, body=case.body, answers={"text": CANARY}, written_at=now
    )
    OutboxMessage.objects.create(
        municipality=case.municipality, topic="mail", payload={"body": f"{CANARY} {case.label}"}, not_before=now
    )
    return case


def purge_all(town, case, **changed):
    given = {
        "incident": case,
        "what": [key for key, _told in purging.pieces_of(case)],
        "reason": "Får inte finnas.",
        "by": town.head,
    }
    return purging.purge_content(**(given | changed))


def test_after_the_removal_nothing_is_left_anywhere(town, full, django_capture_on_commit_callbacks):
    stored = Disclosure.objects.get().file
    assert holding(CANARY)
    with django_capture_on_commit_callbacks(execute=True):
        purge_all(town, full)
    assert holding(CANARY) == set()
    assert not default_storage.exists(stored)


def test_the_trace_says_what_kind_by_whom_and_when_and_nothing_more(town, full):
    trace = purge_all(town, full)
    assert trace.by == town.head
    assert "Narrative" in trace.what
    assert CANARY not in f"{trace.what} {trace.reason}"
    assert full.statuses.order_by("pk").last().change == IncidentStatus.Change.PURGED


@pytest.mark.parametrize("left_out", ["_drop_copies", "_empty"])
def test_control_a_removal_that_forgets_something_is_found(town, full, monkeypatch, left_out):
    monkeypatch.setattr(purging, left_out, lambda *_given: None)
    purge_all(town, full)
    assert holding(CANARY)


def test_two_standing_marks_are_emptied_together(town, full):
    for provision in ("OSL 21:1", "OSL 39:3"):
        mark(full, town.head, provision=provision, reason=CANARY)
    purge_all(town, full)
    assert {one.provision for one in full.secrecy_marks.all()} == {"OSL 1:1", "OSL 21:1", "OSL 39:3"}
    assert CANARY not in str([one.reason for one in full.secrecy_marks.all()])


def test_only_what_is_chosen_goes(town, full):
    told = Narrative.objects.get(incident=full, key="told")
    purge_all(town, full, what=[f"Narrative-{told.pk}"])
    told.refresh_from_db()
    assert CANARY not in told.text
    assert Narrative.objects.get(incident=full, key="course").text == CANARY


@pytest.mark.parametrize("role", ["employee", "unit_ombud", "safety_coordinator", "data_protection_officer"])
def test_who_does_not_handle_the_case_removes_nothing(town, full, role):
    with pytest.raises(NotAllowed):
        purge_all(town, full, by=town.people[role])
    assert not Purge.objects.exists()
    assert Narrative in holding(CANARY)


def test_a_removal_names_why_and_something_that_is_there(town, full):
    with pytest.raises(ReasonMissing):
        purge_all(town, full, reason=" ")
    with pytest.raises(NothingToRemove):
        purge_all(town, full, what=["Narrative-0"])


def test_the_page_of_removal_shows_no_word_of_it(town, full, as_):
    page = as_("unit_manager").get(f"/incidents/{full.public_id}/purge/")
    assert page.status_code == 200
    assert CANARY not in page.content.decode()


def test_whoever_reads_the_text_can_say_that_it_must_not_be_here(town, case, as_):
    before = set(OutboxMessage.objects.values_list("pk", flat=True))
    sent = as_("employee").post(f"/incidents/{case.public_id}/purge/ask/", {"where": "text"})
    assert sent.status_code == 302
    asked = case.statuses.order_by("pk").last()
    assert asked.change == IncidentStatus.Change.PURGE_ASKED
    assert asked.by is None
    told = OutboxMessage.objects.exclude(pk__in=before).filter(topic="mail")
    assert {message.payload["person_id"] for message in told} >= {town.unit_manager.pk, town.head_of_security.pk}
    assert as_("unit_ombud").post(f"/incidents/{case.public_id}/purge/ask/", {"where": "text"}).status_code == 403


def test_somebody_whom_the_case_is_kept_from_is_not_told_of_it(town, case):
    case.withheld.create(person=town.unit_manager, at=clock.now())
    before = set(OutboxMessage.objects.values_list("pk", flat=True))
    purging.ask_to_purge(incident=case, where="text", by=town.employee)
    told = OutboxMessage.objects.exclude(pk__in=before).filter(topic="mail")
    assert town.unit_manager.pk not in {message.payload["person_id"] for message in told}
    assert Incident.objects.count() == 1
