"""The report on paper: one sheet with the same questions, to be printed for each workplace."""

import io

import pikepdf
import pypdfium2
import pytest

from incidents.arriving.paper import paper_form
from incidents.models import IncidentKind
from safety_portal.pdf import count_pages, render_pdf


@pytest.fixture
def paper(town, as_):
    answer = as_("unit_manager").get(f"/incidents/enter/{town.bodies['care-north'].public_id}/paper/")
    assert answer["Content-Type"] == "application/pdf"
    return answer.content


def test_it_is_one_sheet(paper):
    assert count_pages(paper) <= 2


@pytest.mark.parametrize("language", ["sv", "en"])
def test_it_is_one_sheet_in_each_language(town, language):
    content = render_pdf("print/paper_form.html", paper_form(town.bodies["care-north"]), title="Form", lang=language)
    assert count_pages(content) <= 2


def test_it_asks_what_the_screen_asks(town, paper):
    pages = pypdfium2.PdfDocument(paper)
    text = " ".join(page.get_textpage().get_text_bounded() for page in pages)
    assert town.bodies["care-north"].name in text
    assert "112" in text
    for kind in (IncidentKind.THREAT, IncidentKind.NEAR_MISS, IncidentKind.RISK_OBSERVATION):
        assert str(kind.label) in text
    for question in paper_form(town.bodies["care-north"])["questions"]:
        assert str(question["label"]).split()[-1] in text


def test_it_is_tagged_for_those_who_listen(paper):
    with pikepdf.open(io.BytesIO(paper)) as opened:
        assert opened.Root.StructTreeRoot is not None


def test_only_for_ones_own_workplaces(town, as_):
    address = f"/incidents/enter/{town.bodies['school-unit'].public_id}/paper/"
    assert as_("unit_manager").get(address).status_code == 404
    assert as_("employee").get(address).status_code == 404
