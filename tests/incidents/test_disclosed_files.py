"""Files of a case that is disclosed: handed out by choice alone, drawn or along; what is kept leaves no trace."""

import hashlib
import io
import zipfile

import page
import pikepdf
import pypdfium2
import pytest
from django.core.files.storage import default_storage

from attachments.models import Attachment, ScanState
from attachments.services import NotOpened, remove_file
from incidents.disclosure import files as disclosed
from incidents.disclosure.items import items_of
from incidents.errors import FileNotScanned, ProvisionMissing
from incidents.models import CaseAttachment, Disclosure, ReadLog
from incidents.services import attach_file, disclosing, purging
from organisation import clock
from tests.factories.attachments import attach, document, picture, upload
from tests.factories.incidents import report
from tests.factories.retention import approved, carried_out, close_on, make_rule, years_ago
from tests.incidents.test_disclosure import answers, decide, keys
from tests.reading import text_of

pytestmark = pytest.mark.django_db
SECRET = "hemlig-kanariebild"


@pytest.fixture(autouse=True)
def own_storage(tmp_path, settings):
    """Files of other tests are no business of these."""
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def case(town):
    return report(town, text="Någon kastade en sten")


def key_of(tie: CaseAttachment) -> str:
    return f"CaseAttachment-{tie.pk}-attachment"


def keeping(case, *ties) -> frozenset[str]:
    """Everything shown, and all files handed out but these."""
    return keys(case) - {key_of(tie) for tie in ties}


def fetched(made: Disclosure) -> bytes:
    with disclosing.paper_of(made) as paper:
        return paper.read()


def parts_of(content: bytes) -> dict[str, bytes]:
    """What the file holds: its parts by name, of a package; else the copy alone."""
    if not content.startswith(b"PK"):
        return {"copy.pdf": content}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def copy_of(content: bytes) -> bytes:
    return next(part for name, part in parts_of(content).items() if name.endswith(".pdf") and part[:5] == b"%PDF-")


def words_of(copy: bytes) -> str:
    return " ".join(" ".join(sheet.get_textpage().get_text_range() for sheet in pypdfium2.PdfDocument(copy)).split())


def drawn(copy: bytes) -> list[bytes]:
    """The pictures in a copy, as they lie there."""
    with pikepdf.open(io.BytesIO(copy)) as opened:
        found = [entry for entry in opened.objects if getattr(entry, "Subtype", None) == "/Image"]
        return [entry.read_raw_bytes().rstrip(b"\n") for entry in found]


def described(copy: bytes) -> list[str]:
    """The text alternatives in a copy."""
    with pikepdf.open(io.BytesIO(copy)) as opened:
        tagged = [entry for entry in opened.objects if getattr(entry, "S", None) == "/Figure"]
        return [str(entry.Alt) for entry in tagged if "/Alt" in entry]


# --- Handed out -----------------------------------------------------------------------------


def test_a_picture_is_drawn_on_a_page_of_its_own_with_name_and_words(town, case):
    seen = attach(case, content=picture(size=(61, 43)), name="rutan.jpg")
    made = decide(case, town.head)
    copy = fetched(made)
    with default_storage.open(seen.attachment.file) as file:
        assert drawn(copy) == [file.read()]
    assert len(described(copy)) == 1
    assert "rutan.jpg" in described(copy)[0]
    sheets = pypdfium2.PdfDocument(copy)
    last = sheets[len(sheets) - 1].get_textpage().get_text_range()
    assert "rutan.jpg" in last
    assert "Någon kastade" not in last
    assert made.handed_out == [seen.pk]


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_a_copy_with_pictures_keeps_to_the_rules_of_papers(town, case, profile):
    attach(case)
    attach(case, content=picture("PNG", mode="RGBA"), name="skiss.png")
    checked = page.validate_pdf_bytes(fetched(decide(case, town.head)), profile=profile)
    assert checked.is_compliant, [(failure.rule_id, failure.message) for failure in checked.failures]


def test_other_files_go_along_as_they_came(town, case):
    report_of_police = document(parts={"extra.xml": b"<x/>"})
    attach(case, content=b"Ett vittnes ord", name="anteckning.txt")
    attach(case, content=report_of_police, name="polisen.docx")
    attach(case, content=b"Andra ord", name="anteckning.txt")
    made = decide(case, town.head)
    parts = parts_of(fetched(made))
    copy = parts.pop(f"{case.label}.pdf")
    assert parts == {
        "1 anteckning.txt": b"Ett vittnes ord",
        "2 polisen.docx": report_of_police,
        "3 anteckning.txt": b"Andra ord",
    }
    for name in parts:
        assert name in words_of(copy)


def test_a_picture_that_takes_long_to_draw_goes_along(town, case, monkeypatch):
    monkeypatch.setattr(disclosed, "LARGEST_DRAWN", {"image/jpeg": 10})
    attach(case, name="stor.jpg")
    parts = parts_of(fetched(decide(case, town.head)))
    assert "1 stor.jpg" in parts
    assert drawn(parts[f"{case.label}.pdf"]) == []


def test_the_same_file_is_fetched_again_whatever_has_happened_meanwhile(town, case):
    tie = attach(case, content=b"Ord", name="ord.txt")
    attach(case)
    made = decide(case, town.head)
    first = fetched(made)
    made.refresh_from_db()
    assert (made.content, made.digest) == ({}, hashlib.sha256(first).hexdigest())
    Attachment.objects.filter(pk=tie.attachment_id).update(name="annat.txt")
    attach(case, content=b"Nya ord", name="nytt.txt")
    assert fetched(Disclosure.objects.get()) == first
    assert len(default_storage.listdir(f"{disclosing.FOLDER}/{made.public_id}")[1]) == 1


def test_the_same_decision_gives_the_same_bytes(town, case):
    attach(case, content=b"Ord", name="ord.txt")
    attach(case)
    made = decide(case, town.head)
    again = Disclosure.objects.get()
    with disclosing._made(made) as (one, _ending), disclosing._made(again) as (other, _ending):
        assert one.read() == other.read()


# --- Kept -----------------------------------------------------------------------------------


def traces(case, content: bytes, tie: CaseAttachment, made: Disclosure) -> list[str]:
    """Where the kept file's name or bytes are met: in the copy, along with it, or in the decision's row."""
    with default_storage.open(tie.attachment.file) as file:
        bytes_of = file.read()
    met, stem = [], tie.attachment.name.rsplit(".", 1)[0]
    row = Disclosure.objects.filter(pk=made.pk).values().get()
    met += ["row"] if stem in str(row) or tie.attachment.digest in str(row) else []
    for name, part in parts_of(content).items():
        met += [f"name {name}"] if stem in name else []
        met += [f"bytes in {name}"] if bytes_of in part or stem.encode() in part else []
    copy = copy_of(content)
    met += ["words"] if stem in words_of(copy) else []
    met += ["picture"] if bytes_of in drawn(copy) else []
    met += ["alternative"] if any(stem in words for words in described(copy)) else []
    return met


def kept_beside_others(town, case, kept: CaseAttachment) -> list[str]:
    """Decide to keep one file while others are handed out; return where it is met before and after the copy."""
    attach(case, content=picture(size=(50, 50)), name="utlämnad.jpg")
    attach(case, content=b"Annat", name="utlämnad.txt")
    made = decide(case, town.head, shown=keeping(case, kept))
    before = f"{Disclosure.objects.values().get()}"
    met = traces(case, fetched(made), kept, made)
    return [*met, "row before"] if kept.attachment.name in before else met


KEPT = [("jpg", picture(size=(70, 40))), ("txt", b"Det som ingen ska se")]


@pytest.mark.parametrize(("ending", "content"), KEPT)
def test_a_kept_file_is_nowhere_in_the_copy(town, case, ending, content):
    kept = attach(case, content=content, name=f"{SECRET}.{ending}")
    assert kept_beside_others(town, case, kept) == []


@pytest.mark.parametrize(("ending", "content"), KEPT)
def test_control_a_choice_that_is_passed_over_is_seen(town, case, monkeypatch, ending, content):
    kept = attach(case, content=content, name=f"{SECRET}.{ending}")
    every = disclosing.files_of
    monkeypatch.setattr(disclosing, "files_of", lambda items, _hidden: every(items, {}))
    met = kept_beside_others(town, case, kept)
    assert {"picture", "alternative"} <= set(met) if ending == "jpg" else "name 1 hemlig-kanariebild.txt" in met


def test_control_a_name_that_is_told_is_seen(town, case, monkeypatch):
    kept = attach(case, name=f"{SECRET}.jpg")
    told = disclosing._told
    monkeypatch.setattr(disclosing, "_told", lambda item, why, ways: told(item, why, ways) | {"kept": item.value})
    assert "words" in kept_beside_others(town, case, kept)


def test_the_copy_says_why_it_is_kept(town, case):
    own, whole = attach(case, name="a.jpg"), attach(case, content=b"ord", name="b.txt")
    made = decide(case, town.head, shown=keeping(case, own, whole), masked={key_of(own): "OSL 21:1"})
    assert made.masked == {key_of(own): "OSL 21:1", key_of(whole): "OSL 39:3"}
    assert made.handed_out == []
    words = words_of(fetched(made))
    for word in ("OSL 21:1", "OSL 39:3", "Sekretess gäller"):
        assert word in words


def test_what_is_kept_takes_a_provision(town, case):
    kept = attach(case)
    with pytest.raises(ProvisionMissing):
        decide(case, town.head, shown=keeping(case, kept), provision="")


def test_a_refusal_hands_out_no_file(town, case):
    attach(case, content=b"ord", name=f"{SECRET}.txt")
    made = decide(case, town.head, refused=True)
    assert made.handed_out == []
    content = fetched(made)
    assert content[:5] == b"%PDF-"
    assert SECRET not in words_of(content)


def test_a_file_that_came_meanwhile_is_kept(town, case):
    shown = keys(case)
    late = attach(case, content=b"ord", name=f"{SECRET}.txt")
    made = decide(case, town.head, shown=shown)
    assert traces(case, fetched(made), late, made) == []


# --- Not scanned, or gone -------------------------------------------------------------------

NOT_CLEAN = [state for state in ScanState if state != ScanState.CLEAN]


def attach_in(case, state: str) -> CaseAttachment:
    tie = attach(case, name=f"{SECRET}.jpg")
    Attachment.objects.filter(pk=tie.attachment_id).update(state=state)
    return CaseAttachment.objects.select_related("attachment").get(pk=tie.pk)


@pytest.mark.parametrize(
    ("scanner", "state"),
    [(scanner, state) for scanner in ("", "off") for state in NOT_CLEAN if (scanner, state) != ("off", "waiting")],
)
def test_what_nobody_can_open_here_is_handed_out_to_nobody(town, case, settings, scanner, state):
    settings.CLAMD = scanner
    attach_in(case, state)
    with pytest.raises(FileNotScanned):
        decide(case, town.head)
    assert not Disclosure.objects.exists()


def test_control_where_the_scanner_is_turned_off_what_waits_is_handed_out(town, case, settings):
    settings.CLAMD = "off"
    tie = attach_in(case, ScanState.WAITING)
    made = decide(case, town.head)
    assert "picture" in traces(case, fetched(made), tie, made)


def test_a_file_that_waits_is_kept_for_that_reason_and_by_no_provision(town, case):
    tie = attach_in(case, ScanState.WAITING)
    made = decide(case, town.head, shown=keeping(case, tie), provision="", reason="Filen väntar på att skannas.")
    assert made.masked.keys() == {key_of(tie)}
    assert traces(case, fetched(made), tie, made) == []
    words = words_of(fetched(made))
    assert made.masked[key_of(tie)] in words
    assert "Sekretess gäller" not in words


def test_a_file_that_is_gone_before_the_copy_is_made_is_not_left_out_in_silence(town, case, as_):
    tie = attach(case, content=b"ord", name="ord.txt")
    made = decide(case, town.head)
    Attachment.objects.filter(pk=tie.attachment_id).update(state=ScanState.INFECTED, file="")
    with pytest.raises(NotOpened):
        disclosing.paper_of(made)
    answer = as_("head").get(f"/incidents/disclosures/{made.public_id}/")
    assert answer["Location"] == f"/incidents/{case.public_id}/disclosure/"
    assert not ReadLog.objects.filter(what=ReadLog.What.ATTACHMENT).exists()
    made.refresh_from_db()
    assert made.file == ""


# --- The pages ------------------------------------------------------------------------------


def test_a_file_is_kept_until_somebody_hands_it_out(town, case, as_):
    tie, waits = attach(case), attach_file(incident=case, upload=upload(b"ord", "b.txt"), by=None, from_reporter=True)
    form = as_("head").get(f"/incidents/{case.public_id}/disclosure/new/").context["form"]
    assert form[key_of(tie)].value() == form[key_of(waits)].value() == "mask"
    offered = {name: [way for way, _words in form.fields[name].choices] for name in (key_of(tie), key_of(waits))}
    assert "show" in offered[key_of(tie)]
    assert "show" not in offered[key_of(waits)]


def test_the_head_chooses_for_each_file_and_the_record_tells(town, case, as_):
    out = attach(case, content=b"ord", name="utlämnad.txt")
    kept = attach(case, name="behållen.jpg")
    client, address = as_("head"), f"/incidents/{case.public_id}/disclosure/new/"
    chosen = answers(case, **{key_of(out): "show", key_of(kept): "OSL 21:1", "provision": ""})
    chosen |= {item.key: "show" for item in items_of(case) if item.file is None}
    preview = client.post(address, chosen | {"preview": "yes"}).content.decode().split('id="preview"')[1]
    preview = preview.split('name="decide"')[0]
    assert "utlämnad.txt" in preview
    assert "behållen.jpg" not in preview
    assert client.post(address, chosen | {"decide": "yes"}).status_code == 302
    made = Disclosure.objects.get()
    assert (made.handed_out, made.masked) == ([out.pk], {key_of(kept): "OSL 21:1"})
    ReadLog.objects.all().delete()
    told = as_("unit_manager").get(f"/incidents/{case.public_id}/disclosure/")
    (row,) = told.context["rows"]
    assert row["handed_out"] == ["utlämnad.txt"]
    assert row["kept"] == [{"name": "behållen.jpg", "why": "OSL 21:1"}]
    assert "behållen.jpg (OSL 21:1)" in text_of(told)
    assert ReadLog.objects.get().by == town.unit_manager


def test_whoever_fetches_a_copy_with_files_has_opened_them(town, case, as_):
    address = f"/incidents/disclosures/{decide(case, town.head).public_id}/"
    as_("unit_manager").get(address)
    assert set(ReadLog.objects.filter(by=town.unit_manager).values_list("what", flat=True)) == {ReadLog.What.PAPER}
    attach(case, content=b"ord", name="ord.txt")
    answer = as_("unit_manager").get(f"/incidents/disclosures/{decide(case, town.head).public_id}/")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/zip", "no-store, private")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "1 ord.txt" in parts_of(answer.getvalue())
    assert set(ReadLog.objects.filter(by=town.unit_manager).values_list("what", flat=True)) == {
        ReadLog.What.PAPER,
        ReadLog.What.ATTACHMENT,
    }


def test_a_file_that_is_no_longer_clean_when_it_is_sent_is_refused_in_the_form(town, case, as_):
    tie = attach(case)
    chosen = answers(case, decide="yes", **{key_of(tie): "show"})
    Attachment.objects.filter(pk=tie.attachment_id).update(state=ScanState.WAITING)
    sent = as_("head").post(f"/incidents/{case.public_id}/disclosure/new/", chosen)
    assert sent.status_code == 422
    assert key_of(tie) in sent.context["form"].errors


# --- Removed --------------------------------------------------------------------------------


def stored() -> list[str]:
    folder = disclosing.FOLDER
    return [
        name for one in default_storage.listdir(folder)[0] for name in default_storage.listdir(f"{folder}/{one}")[1]
    ]


def test_a_file_that_must_not_be_here_takes_the_copies_along(town, case, django_capture_on_commit_callbacks):
    tie = attach(case, content=b"ord", name="ord.txt")
    made = decide(case, town.head)
    fetched(made)
    assert len(stored()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        purging.purge_content(
            incident=case, what=[f"CaseAttachment-{tie.pk}"], reason="Skyddsvärt", by=town.unit_manager
        )
    assert stored() == []
    assert disclosing.paper_of(Disclosure.objects.get()) is None


def test_disposal_removes_the_copy_and_what_went_along(town, case, django_capture_on_commit_callbacks):
    make_rule(town)
    attach(case, content=b"ord", name="ord.txt")
    made = decide(case, town.head)
    fetched(made)
    Disclosure.objects.update(decided_at=clock.now().replace(year=2012))
    close_on(case, years_ago(9))
    with django_capture_on_commit_callbacks(execute=True):
        carried_out(town, approved(town))
    assert stored() == []
    assert not Disclosure.objects.exists()


def test_a_copy_that_is_removed_while_it_is_made_is_not_kept(town, case, monkeypatch):
    attach(case, content=b"ord", name="ord.txt")
    made = decide(case, town.head)
    laid_out = disclosing._laid_out

    def meanwhile(disclosure):
        content = laid_out(disclosure)
        Disclosure.objects.filter(pk=disclosure.pk).delete()
        return content

    monkeypatch.setattr(disclosing, "_laid_out", meanwhile)
    assert disclosing.paper_of(made) is None
    assert stored() == []


def test_a_file_of_the_case_that_is_removed_keeps_its_place_in_the_record(town, case, as_):
    tie = attach(case)
    decide(case, town.head)
    remove_file(tie.attachment)
    (row,) = as_("head").get(f"/incidents/{case.public_id}/disclosure/").context["rows"]
    assert len(row["handed_out"]) == 1
