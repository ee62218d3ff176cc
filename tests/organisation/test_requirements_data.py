"""What the map of requirements says of the municipalities' documents is there to be read, page by page."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from organisation.loading import load_files
from organisation.models import Municipality, Seat
from policies.models import GoverningDocument
from tests.access.matrix import url_names
from tests.factories.organisation import appoint, make_user

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
MUNICIPALITIES = ROOT / "organisation" / "municipalities"
MAP = ROOT / "docs" / "requirements.md"
KEYS = {"Mjölby": "mjolby", "Härjedalen": "harjedalen", "Södertälje": "sodertalje", "Mark": "mark", "Tyresö": "tyreso"}


def rules_called_clauses() -> dict[str, set[str]]:
    """Key of the municipality → ids of the rules that the map calls clauses."""
    found: dict[str, set[str]] = {key: set() for key in KEYS.values()}
    key = ""
    for line in MAP.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            key = KEYS.get(line[3:], "")
        elif (row := re.match(r"\| (R\d+) \|.*\bclause on `policies:document`", line)) and key:
            found[key].add(row[1])
    return found


@pytest.fixture(autouse=True)
def the_day(monkeypatch):
    monkeypatch.setattr("organisation.clock.today", lambda: date(2026, 11, 22))


@pytest.fixture
def reader(client):
    """Load one municipality and log an employee of it in."""

    def load(key: str) -> Client:
        load_files([MUNICIPALITIES / f"{key}.yaml"])
        municipality = Municipality.objects.get(key=key)
        person = make_user(municipality, "Maja Exempelsson")
        appoint(person, Seat.objects.filter(municipality=municipality, seat_type__kind="employee")[0])
        client.force_login(person, backend="organisation.access.ScopeBackend")
        return client

    return load


def page_of(client: Client, key: str) -> str:
    document = GoverningDocument.objects.get(key=key)
    text = client.get(reverse("policies:document", args=[document.public_id])).content.decode()
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("key", KEYS.values())
def test_a_rule_that_is_called_a_clause_stands_on_its_documents_page(reader, key):
    client = reader(key)
    pages = "".join(page_of(client, document.key) for document in GoverningDocument.objects.all())
    cited = set(re.findall(r"\bR\d+\b", pages))
    expected = rules_called_clauses()[key]
    assert expected
    assert expected - cited == set()


def test_control_a_rule_that_stands_nowhere_would_be_seen(reader):
    assert "R1" not in re.findall(r"\bR\d+\b", page_of(reader("tyreso"), "sidan"))


@pytest.mark.parametrize(
    ("key", "document", "said"),
    [
        ("mjolby", "policy", ["iarienummer KS/2012:374", "Från 1 januari 2013, tills vidare"]),  # R1, R29
        ("mjolby", "policy", ["Kommunfullmäktige, § 11, diarienummer 2006.24"]),  # R30
        ("mjolby", "policy", ["31 december 2027", "2015, 2019, 2023"]),  # R31
        ("mjolby", "policy", ["Trygghets- och säkerhetsenheten"]),  # R32
        ("harjedalen", "policy", ["Kommunstyrelsen", "Hela kommunens organisation."]),  # R40, R43
        ("sodertalje", "policy", ["Kommunfullmäktige, 28 september 1998, § 227"]),  # R58
        ("sodertalje", "riktlinjer", ["Kommunstyrelsen, 28 augusti 1998, § 240"]),  # R59
        ("mark", "policy", ["Kommunfullmäktige, 21 november 2013, § 164, diarienummer KS 2023-400"]),  # R134
        ("mark", "policy", ["27 februari 2020, § 26", "21 september 2023, § 139/2023"]),
        ("mark", "policy", ["Skydds- och säkerhetschef", "Nämnder och styrelser.", "de kommunala bolagen"]),
        ("mark", "policy", ["Gäller tills vidare"]),
        ("tyreso", "sidan", ["Säkerhetsenheten, 9 oktober 2019"]),  # R211
    ],
)
def test_what_a_document_says_of_itself_is_on_its_page(reader, key, document, said):
    page = page_of(reader(key), document)
    assert [words for words in said if words not in page] == []


@pytest.mark.parametrize(
    ("key", "document"),
    [("harjedalen", "policy"), ("sodertalje", "policy"), ("sodertalje", "riktlinjer"), ("mark", "policy")],
)
def test_who_is_to_read_what_is_told(reader, key, document):
    assert "Vid anställning: alla" in page_of(reader(key), document)


def test_where_to_turn_is_told_by_name_on_the_help_page(reader):
    page = reader("sodertalje").get(reverse("help")).content.decode()
    assert "<strong>Krisgruppen</strong>" in page  # R99


def test_every_page_and_file_that_the_map_names_exists():
    text = MAP.read_text(encoding="utf-8")
    pages = set(re.findall(r"`((?:organisation|policies|incidents|report|risks|actionplans|followup):\w+)`", text))
    files = set(re.findall(r"`([\w/-]+\.(?:py|yaml|md|csv))(?:::\w+)?`", text))
    assert len(pages) > 10
    assert pages - url_names() == set()
    assert [name for name in files if not (ROOT / name).exists()] == []
