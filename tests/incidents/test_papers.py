"""The papers of cases, as whoever prints or listens to them gets them: on their sheets, and by both standards."""

import page
import pypdfium2
import pytest
from django.utils.translation import override

from incidents.posters import MOST_CONTACTS
from incidents.protection.person import held_about
from incidents.protection.record import record_of
from incidents.receipt_page import receipt_page
from organisation import clock
from organisation.models import Body, Municipality
from safety_portal.pdf import render_pdf
from tests.factories.incidents import report
from tests.incidents.test_disclosure import decide, keys
from tests.incidents.test_disclosure import paper_of as decided_paper

pytestmark = pytest.mark.django_db
LONG_NAME = "Hemtjänsten för Östra Ängsgläntan, Västra Åkerby och Skärgårdsöarna, kvälls- och nattpatrullen"
CONTACTS = [
    {"title": f"Företagshälsovårdens krismottagning {n}", "phone": f"070-174 06 0{n}", "hours": "vardagar 8–16"}
    for n in range(1, 7)
]
TEXT = "\n\n".join(["Han skrek åt oss i trapphuset och vi kunde inte komma ut."] * 60)


@pytest.fixture
def full(town):
    """A town with many numbers to call, a workplace with a long name, and a case with a long text."""
    Municipality.objects.filter(pk=town.municipality.pk).update(support_contacts=CONTACTS)
    Body.objects.filter(pk=town.bodies["care-north"].pk).update(name=LONG_NAME)
    town.municipality.refresh_from_db()
    return report(town, text=TEXT)


@pytest.mark.parametrize("size", ["a4", "a6"])
def test_a_poster_of_many_numbers_and_a_long_name_is_still_one_sheet(full, as_, size):
    sent = as_("unit_manager").get(f"/incidents/posters/{full.body.public_id}/{size}/")
    opened = pypdfium2.PdfDocument(sent.content)
    assert len(opened) == 1
    text = opened[0].get_textpage().get_text_bounded()
    assert [contact["phone"] in text for contact in CONTACTS] == [True] * MOST_CONTACTS + [False] * 2


def paper_of(name, town, case):
    """Return the paper in Swedish, as its page makes it."""
    shared = {"municipality": case.municipality, "is_demo": True}
    with override("sv"):
        if name == "receipt":
            context = receipt_page(case, town.employee) | {"code_address": "portalen.example.se/r/code/"}
            return render_pdf("print/receipt.html", context | shared, title="Kvitto", lang="sv")
        if name == "record":
            context = {"sections": record_of(case.municipality), "today": clock.today()}
            return render_pdf(
                "incidents/protection/record_print.html", context | shared, title="Förteckning", lang="sv"
            )
        if name in ("refusal", "part"):
            shown = keys(case) - {"Incident-kind"} if name == "part" else frozenset()
            return decided_paper(decide(case, town.head, refused=name == "refusal", shown=shown))
        context = held_about(town.employee, town.data_protection_officer) | {"export": {"asked_at": clock.now()}}
        return render_pdf("incidents/protection/person_print.html", context | shared, title="Uppgifter", lang="sv")


@pytest.mark.parametrize("name", ["receipt", "record", "person", "refusal", "part"])
def test_a_paper_conforms_to_both_standards(town, full, name):
    content = paper_of(name, town, full)
    for profile in ("ua1", "3a"):
        found = page.validate_pdf_bytes(content, profile=profile)
        assert found.is_compliant, [(failure.rule_id, failure.message) for failure in found.failures]


def test_the_first_sheet_of_a_receipt_holds_number_and_code_whole(town, full):
    first = pypdfium2.PdfDocument(paper_of("receipt", town, full))[0].get_textpage().get_text_bounded()
    assert full.label in first
    assert receipt_page(full, town.employee)["code"] in first


@pytest.mark.parametrize("name", ["person", "part"])
def test_a_long_text_begins_below_its_heading_and_goes_on_over_the_pages(town, full, name):
    texts = [one.get_textpage().get_text_bounded() for one in pypdfium2.PdfDocument(paper_of(name, town, full))]
    assert " ".join(" ".join(texts).split()).count("Han skrek åt oss") == 60
    heading = {"person": "Egna rapporter", "part": "Med egna ord"}[name]
    first = next(text for text in texts if heading in text)
    assert "Han skrek åt oss" in first


def test_the_copy_begins_on_a_sheet_of_its_own_after_the_decision(town, full):
    decision, *copy = [
        one.get_textpage().get_text_bounded() for one in pypdfium2.PdfDocument(paper_of("part", town, full))
    ]
    assert "Hur man överklagar" in decision
    assert "[maskat, OSL 39:3]" not in decision
    assert "[maskat, OSL 39:3]" in copy[0]
