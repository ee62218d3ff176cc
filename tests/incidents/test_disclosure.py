"""Somebody asks to see a case: the copy lacks what is masked, a refusal can be appealed, and nothing is edited."""

import hashlib
import uuid

import pypdfium2
import pytest
from django.core.files.storage import default_storage

from incidents.disclosure.appeal import appeal_lines
from incidents.disclosure.items import items_of
from incidents.errors import NotYetHappened, ProvisionMissing, ReasonMissing
from incidents.models import Disclosure, Identity, IncidentStatus, ReadLog
from incidents.services import disclosing
from incidents.services.disclosing import Asked, decide_disclosure
from organisation import clock
from organisation.errors import NotAllowed
from organisation.models import Ruleset
from tests.factories.incidents import report
from tests.reading import text_of
from tests.services.at_once import at_once, done

pytestmark = pytest.mark.django_db
TOLD, NAME = "Fastspänd kanariefågel", "Wilma Vittnesson"


@pytest.fixture
def case(town):
    made = report(town, text=TOLD)
    Identity.objects.create(incident=made, role=Identity.Role.WITNESS, name=NAME, contact="070-000 00 00")
    return made


def keys(case, *, without: str = "") -> frozenset[str]:
    return frozenset(item.key for item in items_of(case) if not without or not item.key.startswith(without))


def decide(case, by, **changed) -> Disclosure:
    given = {
        "incident": case,
        "asked": Asked(on=clock.today(), what="Allt om händelsen"),
        "refused": False,
        "masked": {},
        "shown": keys(case),
        "provision": "OSL 39:3",
        "reason": "Namn på den som såg det kan skada.",
        "by": by,
        "submission_key": uuid.uuid4(),
    }
    return decide_disclosure(**(given | changed))


def paper_of(made: Disclosure) -> bytes:
    with disclosing.paper_of(made) as paper:
        return paper.read()


def words_of(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(content)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


# --- Decided ------------------------------------------------------------------------------


def test_a_whole_copy_holds_everything(town, case):
    made = decide(case, town.head)
    assert made.outcome == Disclosure.Outcome.WHOLE
    assert made.decided_title == "Förvaltningschef, Äldreförvaltningen"
    words = words_of(paper_of(made))
    assert TOLD in words
    assert NAME in words
    assert "överklaga" not in words.lower()


def test_what_is_masked_is_not_in_the_paper_nor_in_the_row(town, case):
    made = decide(case, town.head, shown=keys(case, without="Identity"))
    assert made.outcome == Disclosure.Outcome.MASKED
    assert NAME not in f"{made.content} {made.masked} {made.shown}"
    content = paper_of(made)
    words = words_of(content)
    assert TOLD in words
    assert NAME not in words
    assert "070-000" not in words
    assert "OSL 39:3" in words
    assert NAME.encode() not in content


def test_a_piece_may_have_a_provision_of_its_own(town, case):
    told = next(item.key for item in items_of(case) if item.key.startswith("Narrative"))
    made = decide(case, town.head, shown=keys(case) - {told}, masked={told: "OSL 21:1"}, provision="")
    assert made.masked == {told: "OSL 21:1"}
    words = words_of(paper_of(made))
    assert "OSL 21:1" in words
    assert TOLD not in words


def test_what_came_meanwhile_is_masked(town, case):
    shown = keys(case)
    case.narratives.create(key="course", text="Kom till efteråt")
    made = decide(case, town.head, shown=shown)
    assert made.outcome == Disclosure.Outcome.MASKED
    assert "Kom till efteråt" not in words_of(paper_of(made))


def test_a_refusal_is_a_written_decision_that_can_be_appealed(town, case):
    made = decide(case, town.head, refused=True, reason="Hela ärendet rör en utsatt medarbetare.")
    words = words_of(paper_of(made))
    for word in ("Allt om händelsen", "OSL 39:3", "Hela ärendet rör", "kammarrätten", "Äldrenämnden"):
        assert word in words
    for line in appeal_lines(town.municipality.rules(clock.today()), "Äldrenämnden"):
        assert line in words
    for secret in (TOLD, NAME):
        assert secret not in words
    assert case.statuses.order_by("pk").last().change == IncidentStatus.Change.DISCLOSURE_REFUSED


def test_a_copy_with_masks_tells_how_to_appeal_too(town, case):
    assert "kammarrätten" in words_of(paper_of(decide(case, town.head, shown=keys(case, without="Identity"))))


def test_the_municipality_has_its_own_words_about_appeal(town, case):
    Ruleset.objects.filter(municipality=town.municipality).update(
        settings={"appeal": "Skriv till Kammarrätten i Modellstad."}
    )
    assert "Skriv till Kammarrätten i Modellstad." in words_of(paper_of(decide(case, town.head, refused=True)))


def test_nobody_need_say_who_they_are(town, case):
    assert decide(case, town.head).asked_by == ""


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"refused": True, "reason": ""}, ReasonMissing),
        ({"refused": True, "provision": ""}, ProvisionMissing),
        ({"shown": frozenset(), "provision": ""}, ProvisionMissing),
        ({"shown": frozenset(), "reason": ""}, ReasonMissing),
        ({"asked": Asked(on=clock.today().replace(year=clock.today().year + 1))}, NotYetHappened),
    ],
)
def test_what_is_not_disclosed_takes_provision_and_reason(town, case, changed, refusal):
    with pytest.raises(refusal):
        decide(case, town.head, **changed)
    assert not Disclosure.objects.exists()
    assert not case.statuses.filter(change__startswith="disclos").exists()


@pytest.mark.parametrize(
    "role", ["unit_manager", "coordinator", "employee", "safety_coordinator", "other_head", "archivist"]
)
def test_only_who_has_it_in_charge_decides(town, case, role):
    with pytest.raises(NotAllowed):
        decide(case, town.people[role])


def test_nobody_decides_about_a_case_that_is_kept_from_them(town, case):
    case.withheld.create(person=town.head, at=clock.now())
    with pytest.raises(NotAllowed):
        decide(case, town.head)


def test_it_is_noted_that_a_copy_was_made(town, case):
    decide(case, town.head)
    assert ReadLog.objects.get(by=town.head).what == ReadLog.What.EXPORT


def test_the_same_form_is_one_decision(town, case):
    key = uuid.uuid4()
    assert decide(case, town.head, submission_key=key) == decide(case, town.head, submission_key=key, reason="Annat")
    assert Disclosure.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_once_is_one_decision(town, case):
    key, shown = uuid.uuid4(), keys(case)

    def send():
        return decide(case, town.head, submission_key=key, shown=shown)

    assert len({one.pk for one in done(at_once(send, send, send))}) == 1


# --- The paper ----------------------------------------------------------------------------


def test_the_paper_is_stored_once_and_stays_as_it_was(town, case):
    made = decide(case, town.head)
    first = paper_of(made)
    made.refresh_from_db()
    assert made.content == {}
    assert made.digest == hashlib.sha256(first).hexdigest()
    case.narratives.update(text="Ändrat efteråt")
    assert paper_of(made) == first
    assert default_storage.exists(made.file)


def test_two_who_fetch_it_at_once_get_the_same_file(town, case, monkeypatch):
    made = decide(case, town.head)
    meanwhile = Disclosure.objects.select_related("incident__municipality").get(pk=made.pk)
    laid_out = disclosing._laid_out
    fetched = []

    def slowly(disclosure):
        monkeypatch.setattr(disclosing, "_laid_out", laid_out)
        content = laid_out(disclosure)
        fetched.append(paper_of(meanwhile))
        return content + b"%other"

    monkeypatch.setattr(disclosing, "_laid_out", slowly)
    fetched.append(paper_of(made))
    assert fetched[0] == fetched[1]
    folder = f"{disclosing.FOLDER}/{made.public_id}"
    assert len(default_storage.listdir(folder)[1]) == 1


def test_control_a_mask_that_only_covers_the_words_is_found(town, case, monkeypatch):
    """With the words sent along, as a black box over them would, the test of the paper sees them."""

    def covered(items, hidden):
        return [{"group": str(item.group), "label": item.label, "value": item.value} for item in items]

    monkeypatch.setattr(disclosing, "paper_rows", covered)
    with pytest.raises(AssertionError):
        test_what_is_masked_is_not_in_the_paper_nor_in_the_row(town, case)


# --- The pages ----------------------------------------------------------------------------


def answers(case, **changed):
    """What the form sends: texts shown, people masked."""
    ways = {item.key: "mask" if item.key.startswith("Identity") else "show" for item in items_of(case)}
    today = clock.today()
    asked = {"asked_on_day": today.day, "asked_on_month": today.month, "asked_on_year": today.year}
    return (
        ways
        | asked
        | {"asked_for": "Allt", "decision": "disclose", "provision": "OSL 39:3", "typed": "", "reason": "Skada."}
        | changed
    )


def test_the_head_looks_at_it_decides_and_gives_it_away(town, case, as_):
    client = as_("head")
    address = f"/incidents/{case.public_id}/disclosure/new/"
    assert TOLD in client.get(address).content.decode()
    looked = client.post(address, answers(case, preview="yes"))
    preview = looked.content.decode().split('id="preview"')[1].split('name="decide"')[0]
    assert TOLD in preview
    assert NAME not in preview
    assert not Disclosure.objects.exists()
    assert client.post(address, answers(case, decide="yes")).status_code == 302
    made = Disclosure.objects.get()
    page = client.get(f"/incidents/{case.public_id}/disclosure/")
    assert "Allt" in text_of(page)
    file = as_("unit_manager").get(f"/incidents/disclosures/{made.public_id}/")
    assert file["Content-Type"] == "application/pdf"
    assert file["Cache-Control"] == "no-store, private"
    assert NAME not in words_of(file.getvalue())
    assert ReadLog.objects.filter(by=town.unit_manager, what=ReadLog.What.PAPER).exists()


def test_a_mistake_keeps_every_choice(town, case, as_):
    sent = as_("head").post(f"/incidents/{case.public_id}/disclosure/new/", answers(case, reason="", decide="yes"))
    assert sent.status_code == 422
    form = sent.context["form"]
    assert "reason" in form.errors
    chosen = {item.key: form[item.key].value() for item in form.items}
    assert {way for key, way in chosen.items() if key.startswith("Identity")} == {"mask"}
    assert {way for key, way in chosen.items() if key.startswith("Narrative")} == {"show"}


def test_texts_and_people_are_masked_until_somebody_shows_them(town, case, as_):
    form = as_("head").get(f"/incidents/{case.public_id}/disclosure/new/").context["form"]
    usual = {item.key.split("-")[0]: form[item.key].value() for item in form.items}
    assert usual["Narrative"] == usual["Identity"] == "mask"
    assert usual["Incident"] == "show"


def test_the_paper_is_there_for_those_who_handle_the_case_alone(town, case, as_):
    address = f"/incidents/disclosures/{decide(case, town.head).public_id}/"
    for role, status in (("safety_coordinator", 403), ("employee", 403), ("other_head", 404), ("archivist", 404)):
        assert as_(role).get(address).status_code == status
    case.withheld.create(person=town.unit_manager, at=clock.now())
    assert as_("unit_manager").get(address).status_code == 404
