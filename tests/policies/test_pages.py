"""Governing documents: read by everyone of the municipality, with decision, reviews and clauses."""

from datetime import date

import pytest
from django.urls import reverse

from policies.models import Area, Clause, DocumentVersion, GoverningDocument
from tests.factories.organisation import make_municipality

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return make_municipality()


@pytest.fixture
def policy(town):
    document = GoverningDocument.objects.create(
        municipality=town.municipality, key="policy", kind="policy", title="Säkerhetspolicy", from_document=True
    )
    version = DocumentVersion.objects.create(
        municipality=town.municipality,
        document=document,
        decided_by="Kommunfullmäktige",
        decided_on=date(2023, 9, 21),
        section="139/2023",
        registry_number="KS 2023-400",
    )
    Clause.objects.create(
        municipality=town.municipality, version=version, key="mal", kind="goal", text="Tryggt att bo", source=["R142"]
    )
    return document


@pytest.fixture
def as_employee(client, town):
    client.force_login(town.employee, backend="organisation.access.ScopeBackend")
    return client


def test_the_list_shows_the_decision_as_typed(as_employee, policy):
    page = as_employee.get(reverse("policies:list")).content.decode()
    assert "139/2023" in page
    assert "Kommunfullmäktige" in page


def test_a_document_shows_its_clauses_with_their_source(as_employee, policy):
    page = as_employee.get(reverse("policies:document", args=[policy.public_id])).content.decode()
    assert "Tryggt att bo" in page
    assert "R142" in page
    assert "KS 2023-400" in page


def test_what_the_document_does_not_say_is_marked(as_employee, town, policy):
    Area.objects.create(municipality=town.municipality, key="omrade", name="Eget område", from_document=False)
    page = as_employee.get(reverse("policies:list"), headers={"accept-language": "en"}).content.decode()
    assert "not from the document" in page


def test_another_municipalitys_document_is_not_there(as_employee, policy):
    other = make_municipality("Grannby kommun")
    strange = GoverningDocument.objects.create(municipality=other.municipality, key="p", kind="policy", title="Annan")
    assert as_employee.get(reverse("policies:document", args=[strange.public_id])).status_code == 404
    assert "Annan" not in as_employee.get(reverse("policies:list")).content.decode()


def test_a_municipality_without_documents_says_so(as_employee):
    assert as_employee.get(reverse("policies:list")).status_code == 200


def test_the_list_costs_the_same_for_many_documents(as_employee, town, django_assert_max_num_queries):
    for number in range(30):
        document = GoverningDocument.objects.create(
            municipality=town.municipality, key=f"d{number}", kind="instruction", title=f"Rutin {number}"
        )
        DocumentVersion.objects.create(municipality=town.municipality, document=document)
    with django_assert_max_num_queries(13):
        as_employee.get(reverse("policies:list"))
