"""The register of cases (OSL 5:2): day, number, sender and in brief what about; no text, no name, by scope."""

import csv
import io

import pytest

from incidents.services.marking import set_registry_number
from organisation import clock
from organisation.errors import NotAllowed
from tests.factories.incidents import make_incidents, report
from tests.reading import text_of

pytestmark = pytest.mark.django_db
CANARY = "kanariefågel-i-diariet"


def streamed(response) -> str:
    return b"".join(response.streaming_content).decode()


def test_each_case_stands_there_with_the_four_fields(town, as_):
    case = report(town, text=CANARY)
    set_registry_number(incident=case, number="2026.24", by=town.unit_manager)
    page = text_of(as_("committee_secretary").get("/incidents/register/"))
    for word in (case.label, "2026.24", "Ängsgläntans hemtjänst"):
        assert word in page
    assert CANARY not in page
    assert town.employee.name not in page


def test_the_file_holds_the_same_without_formulas(town, as_):
    case = report(town, text=CANARY)
    set_registry_number(incident=case, number="=1+1", by=town.unit_manager)
    text = streamed(as_("archivist").get("/incidents/register/?as=csv"))
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))
    assert rows[1][1] == case.label
    assert rows[1][2] == "'=1+1"
    assert CANARY not in text
    assert town.employee.name not in text


def test_it_reaches_as_far_as_the_right(town, as_):
    case = report(town)
    for role, sees in (
        ("committee_secretary", True),
        ("archivist", True),
        ("other_manager", False),
        ("other_head", False),
    ):
        assert (case.label in text_of(as_(role).get("/incidents/register/"))) is sees
    assert as_("committee_member").get("/incidents/register/").status_code == 403


def test_a_case_that_is_kept_from_somebody_is_not_in_their_register(town, as_):
    case = report(town)
    case.withheld.create(person=town.unit_manager, at=clock.now())
    assert case.label not in text_of(as_("unit_manager").get("/incidents/register/"))
    assert case.label not in streamed(as_("unit_manager").get("/incidents/register/?as=csv"))
    assert case.label in text_of(as_("head").get("/incidents/register/"))


def test_the_filter_finds_by_number_and_registry_number(town, as_):
    first, second = report(town), report(town)
    set_registry_number(incident=first, number="KS 2026/7", by=town.unit_manager)
    for asked, found, other in (("KS 2026/7", first, second), (second.label, second, first)):
        page = text_of(as_("archivist").get("/incidents/register/", {"number": asked}))
        assert found.label in page
        assert other.label not in page


def test_pages_cost_the_same_however_many_cases(town, as_, django_assert_max_num_queries):
    make_incidents(town.bodies["care-north"], 60)
    client = as_("archivist")
    client.get("/incidents/register/")
    with django_assert_max_num_queries(12):
        page = client.get("/incidents/register/")
    assert page.context["older_url"]
    assert client.get(f"/incidents/register/{page.context['older_url']}").status_code == 200


def test_those_who_handle_the_case_keep_its_registry_number(town, as_):
    case = report(town)
    address = f"/incidents/{case.public_id}/register/"
    assert as_("unit_manager").post(address, {"number": "2026.25"}).status_code == 302
    case.refresh_from_db()
    assert case.registry_number == "2026.25"
    assert "2026.25" in text_of(as_("safety_representative").get(address))
    assert as_("safety_representative").post(address, {"number": "x"}).status_code == 403
    assert as_("unit_manager").post(address, {"number": "x" * 61}).status_code == 422
    with pytest.raises(NotAllowed):
        set_registry_number(incident=case, number="9", by=town.archivist)
