"""Governing documents: read by everyone of the municipality, with decision, reviews and clauses."""

from datetime import date

import pytest
from django.urls import reverse

from organisation.models import Ruleset
from policies.models import Area, Clause, DocumentVersion, Goal, GoverningDocument, Law
from tests.factories.organisation import make_municipality, make_user

pytestmark = pytest.mark.django_db
# However many documents, laws, clauses and children there are.
LIST_QUERIES = 16
DOCUMENT_QUERIES = 16


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
    Area.objects.create(municipality=town.municipality, key="eget", name="Eget område", from_document=False)
    page = english(as_employee, "policies:list")
    assert "None of this is from the municipality's document" in page
    assert "(not from the document)" not in page
    Area.objects.create(municipality=town.municipality, key="givet", name="Givet område", from_document=True)
    page = english(as_employee, "policies:list")
    assert "None of this" not in page
    assert page.count("(not from the document)") == 1


def test_another_municipalitys_document_is_not_there(as_employee, policy):
    other = make_municipality("Grannby kommun")
    strange = GoverningDocument.objects.create(municipality=other.municipality, key="p", kind="policy", title="Annan")
    assert as_employee.get(reverse("policies:document", args=[strange.public_id])).status_code == 404
    assert "Annan" not in as_employee.get(reverse("policies:list")).content.decode()


def test_a_municipality_without_documents_says_so(as_employee):
    assert as_employee.get(reverse("policies:list")).status_code == 200


def make_documents(town, number):
    """Documents in threes, each with versions and a clause, one under the other, and a law for each."""
    parent = None
    for place in range(number):
        document = GoverningDocument.objects.create(
            municipality=town.municipality,
            key=f"d{place}",
            kind="plan",
            title=f"Plan {place}",
            parent=parent if place % 3 else None,
            applies_to=["committee", "unit", "head"],
        )
        version = DocumentVersion.objects.create(
            municipality=town.municipality, document=document, decided_on=date(2020, 1, 1)
        )
        Clause.objects.create(
            municipality=town.municipality, version=version, key="k", kind="duty", text="Gör", applies_to=["board"]
        )
        Law.objects.create(
            municipality=town.municipality,
            key=f"l{place}",
            number=f"2006:{place}",
            title="Lag",
            obligations=[{"key": "o", "text": "En plan finns.", "document_kind": "plan", "of": "board"}],
        )
        parent = document


def test_the_list_costs_the_same_for_many_documents(as_employee, town, django_assert_max_num_queries):
    make_documents(town, 30)
    with django_assert_max_num_queries(LIST_QUERIES):
        as_employee.get(reverse("policies:list"))


def test_a_document_costs_the_same_for_many_clauses_and_children(
    as_employee, town, policy, django_assert_max_num_queries
):
    version = policy.versions.get()
    for number in range(40):
        Clause.objects.create(
            municipality=town.municipality,
            version=version,
            key=f"k{number}",
            kind="duty",
            text=f"Gör {number}",
            applies_to=["committee", "head", f"body-{number}"],
        )
        GoverningDocument.objects.create(
            municipality=town.municipality,
            key=f"r{number}",
            kind="guideline",
            title=f"Riktlinje {number}",
            parent=policy,
        )
    with django_assert_max_num_queries(DOCUMENT_QUERIES):
        as_employee.get(reverse("policies:document", args=[policy.public_id]))


def english(client, name, *args, **query):
    return client.get(reverse(name, args=args), query, headers={"accept-language": "en"}).content.decode()


def test_list_and_document_tell_when_the_next_review_is_due(as_employee, town, policy):
    Ruleset.objects.filter(municipality=town.municipality).update(review={"rule": "every_n_years", "years": 5})
    due = "By 21 September 2028: every 5 years."
    assert due in english(as_employee, "policies:list")
    assert due in english(as_employee, "policies:document", policy.public_id)


def test_a_review_that_nobody_made_is_told(as_employee, town, policy):
    Ruleset.objects.filter(municipality=town.municipality).update(review={"rule": "every_n_years", "years": 1})
    for page in (english(as_employee, "policies:list"), english(as_employee, "policies:document", policy.public_id)):
        assert "Review overdue" in page


def test_a_municipality_without_a_rule_says_so(as_employee, policy):
    assert "don&#x27;t say when it is reviewed" in english(as_employee, "policies:list")


def test_a_guideline_older_than_its_policy_is_flagged_on_both_pages(as_employee, town, policy):
    guideline = GoverningDocument.objects.create(
        municipality=town.municipality, key="r", kind="guideline", title="Riktlinje", parent=policy
    )
    DocumentVersion.objects.create(municipality=town.municipality, document=guideline, decided_on=date(2023, 8, 21))
    assert "Older than the document above" in english(as_employee, "policies:list")
    page = english(as_employee, "policies:document", guideline.public_id)
    assert "decided on 21 August 2023, before the one that it supports: Säkerhetspolicy was decided on 21" in page


def test_days_inside_json_are_written_in_words(as_employee, policy):
    version = policy.versions.get()
    version.reviews = [{"date": "2020-02-27", "section": "26", "body_name": "kommunstyrelsen"}]
    version.replaces = [
        {"text": "Tidigare policy", "decision": {"body": "council", "section": "§ 11", "dnr": "2006.24"}}
    ]
    version.save()
    page = as_employee.get(reverse("policies:document", args=[policy.public_id])).content.decode()
    assert "Kommunstyrelsen, 27 februari 2020, § 26" in page
    assert "Tidigare policy, Kommunfullmäktige, § 11, " in page


def test_whom_it_binds_is_told_in_local_words(as_employee, town, policy):
    town.municipality.words = {"unit": {"one": "arbetsplats", "many": "arbetsplatser"}}
    town.municipality.save()
    policy.applies_to = ["council", "unit", "committee", "unit-manager"]
    policy.save()
    page = english(as_employee, "policies:document", policy.public_id)
    assert "Kommunfullmäktige, arbetsplatser, the committees, Enhetschef" in page


def test_clauses_stand_by_kind_and_are_numbered_through(as_employee, town, policy):
    version = policy.versions.get()
    for place, (key, kind) in enumerate([("b", "duty"), ("c", "goal"), ("d", "duty")]):
        Clause.objects.create(
            municipality=town.municipality, version=version, key=key, kind=kind, text=f"Sats {key}", position=place + 1
        )
    page = english(as_employee, "policies:document", policy.public_id)
    assert [page.index(text) for text in ("Goals", "Tryggt att bo", "Sats c", "Duties", "Sats b", "Sats d")] == sorted(
        page.index(text) for text in ("Goals", "Tryggt att bo", "Sats c", "Duties", "Sats b", "Sats d")
    )
    assert 'start="3"' in page


def test_an_older_version_can_be_read_and_a_strange_one_is_not_there(as_employee, town, policy):
    old = DocumentVersion.objects.create(
        municipality=town.municipality, document=policy, label="1998", valid_to=date(1999, 1, 1)
    )
    Clause.objects.create(municipality=town.municipality, version=old, key="k", kind="goal", text="Det som gällde")
    policy.versions.exclude(pk=old.pk).update(valid_from=date(1999, 1, 1))
    assert f"?version={old.public_id}" in english(as_employee, "policies:document", policy.public_id)
    page = english(as_employee, "policies:document", policy.public_id, version=old.public_id)
    assert "Det som gällde" in page
    assert "which is not in force" in page
    address = reverse("policies:document", args=[policy.public_id])
    assert as_employee.get(address, {"version": "annat"}).status_code == 404


def test_laws_tell_their_days_and_what_replaced_them(as_employee, town):
    shared = {"municipality": town.municipality, "title": "Säkerhetsskyddslag", "from_document": True}
    Law.objects.create(key="ny", number="2018:585", valid_from=date(2019, 4, 1), **shared)
    Law.objects.create(
        key="gammal",
        number="1996:627",
        valid_to=date(2019, 4, 1),
        replaced_by="2018:585",
        obligations=[{"key": "o", "text": "Gammalt krav"}],
        **shared,
    )
    page = english(as_employee, "policies:list")
    assert "Replaced by 2018:585 on 1 April 2019." in page
    assert "In force from 1 April 2019." in page
    assert "Gammalt krav" not in page


def test_what_a_law_demands_is_set_beside_the_documents_of_its_kind(as_employee, town):
    said = [
        {
            "key": "a",
            "text": "En plan är antagen.",
            "document_kind": "plan",
            "of": "board",
            "every": {"rule": "every_term"},
        },
        {"key": "b", "text": "Ett program är antaget.", "document_kind": "programme"},
    ]
    Law.objects.create(municipality=town.municipality, key="l", number="2006:544", title="Lag", obligations=said)
    plan = GoverningDocument.objects.create(municipality=town.municipality, key="p", kind="plan", title="Krisplanen")
    without = english(as_employee, "policies:list")
    assert "Not recorded: plan" in without
    DocumentVersion.objects.create(municipality=town.municipality, document=plan)
    page = english(as_employee, "policies:list")
    assert "Not recorded: plan" not in page
    assert "Not recorded: programme" in page
    assert "Kommunstyrelsen" in page
    assert "once in every term" in page


def test_areas_and_indicators_stand_in_the_municipalitys_words(as_employee, town):
    town.municipality.words = {"area": {"one": "fokusområde", "many": "fokusområden"}}
    town.municipality.save()
    shared = {"municipality": town.municipality, "from_document": True}
    Area.objects.create(key="a", name="Färre olyckor", **shared)
    Goal.objects.create(
        key="g",
        name="Trygg",
        indicator="Andel trygga",
        indicator_trend="up",
        details={"from_document": False},
        **shared,
    )
    page = english(as_employee, "policies:list")
    assert ">Fokusområden<" in page
    assert "Andel trygga, should rise" in page
    assert page.count("(not from the document)") == 1


def test_an_operator_without_a_municipality_is_refused(client):
    operator = make_user(None, is_staff=True, is_superuser=True)
    client.force_login(operator, backend="organisation.access.ScopeBackend")
    assert client.get(reverse("policies:list")).status_code == 403
