"""The pages of governing documents in a real browser: accessible, wide and narrow, light and dark."""

from pathlib import Path

import pytest
from django.urls import reverse

from organisation.loading import load_files
from organisation.models import Municipality, Seat
from policies.models import DocumentVersion, GoverningDocument
from tests.factories.organisation import appoint, make_user

pytestmark = pytest.mark.django_db(transaction=True)
# The one with a guideline older than its policy and the most clauses; an older version is added.
FILE = Path(__file__).resolve().parents[2] / "organisation" / "municipalities" / "sodertalje.yaml"


@pytest.fixture
def reader():
    load_files([FILE])
    municipality = Municipality.objects.get(key="sodertalje")
    person = make_user(municipality, "Elin Modellgren")
    appoint(person, Seat.objects.filter(municipality=municipality, seat_type__kind="employee")[0])
    return person


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, True)])
def test_every_page_is_accessible(reader, new_page, assert_accessible, width, dark):
    policy = GoverningDocument.objects.get(key="policy")
    version = policy.versions.get()
    DocumentVersion.objects.create(
        municipality=reader.municipality, document=policy, label="1985", valid_to=version.valid_from.replace(year=1998)
    )
    version.valid_from = version.valid_from.replace(year=1998)
    version.save()
    page = new_page(reader, width=width, dark=dark)
    documents = [reverse("policies:document", args=[one.public_id]) for one in GoverningDocument.objects.all()]
    for address in (reverse("policies:list"), *documents):
        assert page.goto(address).status == 200
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
