"""Files of a case: who adds and who opens them, what is noted, and how they are handed out."""

import pytest
from django.urls import reverse

from attachments.models import Attachment, ScanState
from attachments.services import PICTURE_POLICY, SAFE_HEADERS
from incidents.errors import FileNotTaken, OwnReport, TooManyFiles
from incidents.models import CaseAttachment, Identity, IncidentStatus, ReadLog, Withheld
from incidents.services import attach_file, attaching, close_case
from notifications.models import OutboxMessage
from organisation import clock
from organisation.errors import NotAllowed, WrongState
from tests.factories.attachments import attach, document, picture, say_clean, upload
from tests.factories.incidents import read, report
from tests.services.at_once import at_once

CANARY = "kanariefagel"
STRICT = "default-src 'none'; sandbox"


@pytest.fixture
def incident(town):
    return report(town, by="employee", at="care-north")


def files_url(incident) -> str:
    return reverse("incidents:files", args=[incident.public_id])


def file_url(file: CaseAttachment) -> str:
    return reverse("incidents:file", args=[file.attachment.public_id])


def send(client, incident, sent=None, **answers):
    data = {"upload": upload() if sent is None else sent, "unclassified": "on"} | answers
    return client.post(files_url(incident), {name: value for name, value in data.items() if value})


# --- Added --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["unit_manager", "head", "coordinator"])
def test_those_who_handle_the_case_add_a_file(town, as_, incident, role):
    assert send(as_(role), incident).status_code == 302
    file = CaseAttachment.objects.get()
    assert (file.incident, file.by, file.from_reporter) == (incident, town.people[role], False)
    change = incident.statuses.latest("pk")
    assert (change.change, change.by, change.reason) == (IncidentStatus.Change.ATTACHED, town.people[role], "")


def test_a_file_from_the_reporter_names_nobody(as_, incident):
    assert send(as_("employee"), incident).status_code == 302
    file = CaseAttachment.objects.get()
    assert (file.by, file.from_reporter) == (None, True)
    assert incident.statuses.latest("pk").by is None


def test_a_reporter_who_came_by_code_adds_a_file(incident):
    assert attach_file(incident=incident, upload=upload(), by=None, from_reporter=True).by is None


@pytest.mark.parametrize("role", ["unit_ombud", "safety_coordinator", "other_manager", "council_member"])
def test_others_add_nothing(town, incident, role):
    for from_reporter in (False, True):
        with pytest.raises(NotAllowed):
            attach_file(incident=incident, upload=upload(), by=town.people[role], from_reporter=from_reporter)
    with pytest.raises(NotAllowed):
        attach_file(incident=incident, upload=upload(), by=None, from_reporter=False)
    assert not Attachment.objects.exists()


def test_a_manager_adds_to_their_own_report_as_its_reporter_only(town):
    own = report(town, by="unit_manager", at="care-north")
    with pytest.raises(OwnReport):
        attach_file(incident=own, upload=upload(), by=town.unit_manager, from_reporter=False)
    assert attach_file(incident=own, upload=upload(), by=town.unit_manager, from_reporter=True).from_reporter


def test_a_closed_case_takes_files_from_its_reporter_only(town, as_, incident):
    close_case(incident=read(incident, town.unit_manager), feedback="Klart.", by=town.unit_manager)
    with pytest.raises(WrongState):
        attach_file(incident=incident, upload=upload(), by=town.unit_manager, from_reporter=False)
    assert 'type="file"' not in as_("unit_manager").get(files_url(incident)).content.decode()
    assert attach_file(incident=incident, upload=upload(), by=None, from_reporter=True)


def test_the_same_file_sent_twice_is_one(as_, incident):
    for _time in range(2):
        assert send(as_("employee"), incident).status_code == 302
    assert CaseAttachment.objects.count() == 1
    assert send(as_("employee"), incident, upload(picture(size=(10, 10)))).status_code == 302
    assert CaseAttachment.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_ten_times_at_once_is_one(town, incident):
    def add():
        return attach_file(incident=incident, upload=upload(), by=None, from_reporter=True).pk

    assert len(set(at_once(*[add] * 10))) == 1
    assert CaseAttachment.objects.count() == Attachment.objects.count() == 1


def test_a_case_holds_so_many_files_and_no_more(as_, incident, monkeypatch):
    monkeypatch.setattr(attaching, "MOST_FILES", 1)
    attach(incident)
    answer = send(as_("employee"), incident, upload(picture(size=(10, 10))))
    assert answer.status_code == 422
    assert "upload" in answer.context["form"].errors
    with pytest.raises(TooManyFiles):
        attach_file(incident=incident, upload=upload(picture(size=(9, 9))), by=None, from_reporter=True)


def test_a_refused_file_leaves_nothing_and_says_why_at_the_field(as_, incident):
    answer = send(as_("employee"), incident, upload(b"<svg onload='alert(1)'></svg>", "bild.svg", "image/svg+xml"))
    assert answer.status_code == 422
    assert "SVG" in answer.context["form"].errors["upload"][0]
    assert answer.context["form"]["unclassified"].value()
    assert not Attachment.objects.exists()
    assert not incident.statuses.filter(change=IncidentStatus.Change.ATTACHED).exists()
    with pytest.raises(FileNotTaken, match="SVG"):
        attach_file(incident=incident, upload=upload(b"<svg/>", "bild.svg"), by=None, from_reporter=True)


@pytest.mark.parametrize(("missing", "answers"), [("upload", {}), ("unclassified", {"unclassified": ""})])
def test_a_file_is_chosen_and_it_is_ticked_that_it_may_be_here(as_, incident, missing, answers):
    client = as_("employee")
    if missing == "upload":
        answer = client.post(files_url(incident), {"unclassified": "on"})
    else:
        answer = send(client, incident, **answers)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [missing]
    assert not Attachment.objects.exists()


def test_a_hundred_megabytes_are_refused_at_the_field(as_, incident, settings):
    settings.LARGEST_FILE, settings.LARGEST_FILE_MB = 1000, 10
    answer = send(as_("employee"), incident, upload(b"Hej. " * 1000, "brev.txt", "text/plain"))
    assert answer.status_code == 422
    assert "10 MB" in answer.context["form"].errors["upload"][0]


# --- Told ---------------------------------------------------------------------------------


def mails_about(incident):
    return OutboxMessage.objects.filter(once_key__startswith=f"mail:incident-file:{incident.public_id}")


def test_the_handler_is_told_of_the_reporters_file_once_a_day(town, incident):
    read(incident, town.unit_manager)
    for side in (10, 20):
        sent = upload(picture(size=(side, side)), f"{CANARY}.jpg")
        attach_file(incident=incident, upload=sent, by=None, from_reporter=True)
    told = mails_about(incident).get()
    assert told.payload["person_id"] == town.unit_manager.pk
    assert CANARY not in str(told.payload)


def test_a_file_that_comes_before_anybody_has_opened_the_case_is_not_told_apart(incident):
    attach(incident)
    assert not mails_about(incident).exists()


# --- Opened -------------------------------------------------------------------------------


def test_a_picture_is_shown_and_a_document_is_saved_and_neither_runs_anything(as_, town, incident):
    shown = as_("unit_manager").get(file_url(attach(incident, name="hotet.jpg")))
    saved = as_("unit_manager").get(file_url(attach(incident, content=document(), name="brev.docx")))
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["Content-Disposition"] == 'inline; filename="hotet.jpg"'
    assert saved["Content-Disposition"] == 'attachment; filename="brev.docx"'
    for answer in (shown, saved):
        assert b"".join(answer.streaming_content)
        assert SAFE_HEADERS.items() <= (dict(answer.headers) | {"Content-Security-Policy": STRICT}).items()
    assert saved["Content-Security-Policy"] == STRICT
    assert shown["Content-Security-Policy"] == PICTURE_POLICY


@pytest.mark.parametrize("sent", [b"%PDF-1.4\n%%EOF", b"Hej. javascript:alert(1)", document()])
def test_nothing_but_our_own_pictures_is_shown_in_the_browser(as_, incident, sent):
    answer = as_("employee").get(file_url(attach(incident, content=sent, name="fil")))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_that_somebody_opens_a_file_is_noted_once_an_hour_and_the_reporter_is_not(town, as_, incident):
    file = attach(incident)
    for role in ("employee", "unit_manager", "unit_manager", "head"):
        assert as_(role).get(file_url(file)).status_code == 200
    noted = ReadLog.objects.filter(incident=incident, what=ReadLog.What.ATTACHMENT)
    assert [row.by for row in noted.order_by("pk")] == [town.unit_manager, town.head]


@pytest.mark.parametrize(
    ("role", "status"),
    [("unit_ombud", 403), ("safety_representative", 403), ("head_of_security", 403), ("other_manager", 404),
     ("committee_chair", 404), ("chief_executive", 404), ("administrator", 404)],
)  # fmt: skip
def test_those_who_do_not_read_the_text_open_no_file(as_, incident, role, status):
    file = attach(incident, name=f"{CANARY}.jpg")
    for url in (file_url(file), files_url(incident)):
        answer = as_(role).get(url)
        assert answer.status_code == status
        assert CANARY not in answer.content.decode()
    assert not ReadLog.objects.filter(what=ReadLog.What.ATTACHMENT).exists()


def test_from_whom_the_case_is_kept_opens_no_file(town, as_, incident):
    file = attach(incident)
    assert as_("unit_manager").get(file_url(file)).status_code == 200
    Withheld.objects.create(incident=incident, person=town.unit_manager, at=clock.now())
    assert as_("unit_manager").get(file_url(file)).status_code == 404
    assert as_("unit_manager").get(files_url(incident)).status_code == 404
    with pytest.raises(NotAllowed):
        attach_file(incident=incident, upload=upload(), by=town.unit_manager, from_reporter=False)


def test_control_the_case_is_what_keeps_its_files_apart(as_, incident, monkeypatch):
    """With every case open to all, and every text, a stranger in the municipality reads the file."""
    file = attach(incident)
    monkeypatch.setattr("incidents.models.IncidentQuerySet.visible_to", lambda self, _user: self)
    assert as_("other_manager").get(file_url(file)).status_code == 403
    monkeypatch.setattr("incidents.views.attachments.Sight.of", lambda *_: _everything())
    assert as_("other_manager").get(file_url(file)).status_code == 200


def _everything():
    from incidents.sight import Sight

    return Sight(is_reporter=False, reads_text=True, sees_reporter=True, handles=False)


# --- While it waits -----------------------------------------------------------------------


def test_a_file_that_waits_is_quarantined_and_the_page_says_so(town, as_, incident):
    file = attach_file(incident=incident, upload=upload(), by=None, from_reporter=True)
    page = as_("unit_manager").get(files_url(incident))
    assert file_url(file) not in page.content.decode()
    assert str(ScanState.WAITING.label) in page.content.decode()
    assert page.context["scanner"] in page.content.decode()
    assert as_("unit_manager").get(file_url(file)).headers["Location"] == files_url(incident)
    assert not ReadLog.objects.filter(what=ReadLog.What.ATTACHMENT).exists()

    say_clean(file.attachment)
    assert file_url(file) in as_("unit_manager").get(files_url(incident)).content.decode()


@pytest.mark.parametrize("state", [ScanState.INFECTED, ScanState.REMOVED])
def test_a_file_that_is_gone_leaves_its_line(as_, incident, state):
    file = attach(incident)
    Attachment.objects.update(state=state, file="")
    page = as_("unit_manager").get(files_url(incident)).content.decode()
    assert str(state.label) in page
    assert as_("unit_manager").get(file_url(file)).status_code == 302


def test_where_the_scanner_is_turned_off_files_open_and_the_page_says_that_they_were_not_scanned(
    as_, incident, settings
):
    settings.CLAMD = "off"
    file = attach_file(incident=incident, upload=upload(), by=None, from_reporter=True)
    page = as_("unit_manager").get(files_url(incident))
    assert page.context["files"][0].status not in {str(state.label) for state in ScanState}
    assert as_("unit_manager").get(file_url(file)).status_code == 200


# --- The first page -----------------------------------------------------------------------


def test_the_first_page_tells_how_many_to_those_who_read_them(as_, incident):
    attach(incident)
    leads = f'href="{files_url(incident)}"'
    case = reverse("incidents:case", args=[incident.public_id])
    assert leads in as_("unit_manager").get(case).content.decode()
    assert leads in as_("employee").get(case).content.decode()
    assert leads not in as_("unit_ombud").get(case).content.decode()


def test_the_page_asks_as_often_for_twenty_files_as_for_one(as_, incident, django_assert_max_num_queries):
    client = as_("unit_manager")
    attach(incident)
    with django_assert_max_num_queries(30) as one:
        client.get(files_url(incident))
    for side in range(1, 15):
        attach(incident, content=picture(size=(side, 40)))
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(files_url(incident))


def test_the_name_of_a_file_stands_in_its_own_row_only(town, as_, incident):
    attach(incident, name=f"{CANARY}.jpg")
    assert Attachment.objects.get().name == f"{CANARY}.jpg"
    assert not OutboxMessage.objects.filter(payload__icontains=CANARY).exists()
    assert not IncidentStatus.objects.filter(reason__icontains=CANARY).exists()
    assert Identity.objects.count() == 1
    for url in (reverse("incidents:inbox"), reverse("incidents:case", args=[incident.public_id])):
        assert CANARY not in as_("unit_manager").get(url).content.decode()
