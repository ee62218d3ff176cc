"""Posters: the workplace's address to scan and to read, in two sizes, for those who may print it."""

import io

import pikepdf
import pypdfium2
import pytest
from django.urls import reverse

from incidents.models import Incident
from organisation.models import Municipality, Ruleset

pytestmark = pytest.mark.django_db

MM = 72 / 25.4
PAPERS = {"a4": (210, 297), "a6": (105, 148)}


def pdf_of(town, size="a4"):
    return reverse(f"incidents:poster_{size}", args=[town.bodies["care-north"].public_id])


@pytest.mark.parametrize("size", PAPERS)
def test_a_poster_is_one_page_of_its_size_with_address_and_numbers(town, as_, size):
    Municipality.objects.filter(pk=town.municipality.pk).update(
        support_contacts=[{"title": "Krisstöd", "phone": "070-174 06 01", "hours": "dygnet runt"}]
    )
    sent = as_("unit_manager").get(pdf_of(town, size))
    opened = pypdfium2.PdfDocument(sent.content)
    assert len(opened) == 1
    assert tuple(round(side / MM) for side in opened[0].get_size()) == PAPERS[size]
    text = opened[0].get_textpage().get_text_bounded()
    code = town.bodies["care-north"].report_code
    for expected in (f"testserver/r/{code}", "Ängsgläntans hemtjänst", "112", "114 14", "070-174 06 01", "Exempelby"):
        assert expected in text
    with pikepdf.open(io.BytesIO(sent.content)) as tagged:
        assert tagged.Root.StructTreeRoot is not None


def test_the_code_is_drawn_and_not_fetched(town, as_):
    page = as_("unit_manager").get(reverse("incidents:poster", args=[town.bodies["care-north"].public_id]))
    assert "<svg" in page.content.decode()
    assert page.context["address"].endswith(reverse("report:form", args=[town.bodies["care-north"].report_code]))


def test_it_says_whether_log_in_is_needed(town, as_):
    address = reverse("incidents:poster", args=[town.bodies["care-north"].public_id])
    assert not as_("unit_manager").get(address).context["without_login"]
    Ruleset.objects.filter(municipality=town.municipality).update(settings={"reports_without_login": True})
    assert as_("unit_manager").get(address).context["without_login"]


def test_only_workplaces_and_only_for_those_who_may_print(town, as_):
    assert as_("unit_manager").get(reverse("incidents:poster", args=[town.bodies["care"].public_id])).status_code == 404
    assert as_("other_manager").get(pdf_of(town)).status_code == 403
    assert as_("employee").get(pdf_of(town)).status_code == 403


def test_the_list_holds_the_workplaces_that_the_person_may_print_for(town, as_):
    def names(role, **search):
        page = as_(role).get(reverse("incidents:posters"), search)
        return {body.name for body in page.context["page"].rows}

    assert names("unit_manager") == {"Ängsgläntans hemtjänst"}
    assert {"Ängsgläntans hemtjänst", "Tallmons gruppboende", "Äldreförvaltningen"} <= names("head")
    assert "Björkhagens förskola" not in names("head")
    assert names("safety_coordinator", q="förskola") == {"Björkhagens förskola"}
    assert as_("employee").get(reverse("incidents:posters")).status_code == 403


def test_what_the_poster_leads_to_takes_a_report(town, as_):
    address = (
        as_("unit_manager")
        .get(reverse("incidents:poster", args=[town.bodies["care-north"].public_id]))
        .context["address"]
    )
    client = as_("employee")
    client.post(address.removeprefix("http://testserver"), {"kind": "threat", "occurred_when": "just_now"})
    assert Incident.objects.get().body == town.bodies["care-north"]
