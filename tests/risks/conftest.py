"""Two municipalities with a 5 × 5 scale, two dimensions and two areas; persons are ranked highest."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.factories.organisation import Town


def furnished(name: str) -> "Town":
    # Imported here: pytest reads this file before the settings are known.
    from tests.factories.organisation import make_municipality
    from tests.factories.risks import make_areas, make_dimensions, make_scale

    town = make_municipality(name)
    make_scale(town.municipality)
    make_dimensions(town.municipality)
    make_areas(town.municipality)
    return town


@pytest.fixture
def town(db) -> "Town":
    return furnished("Exempelby kommun")


@pytest.fixture
def other_town(db) -> "Town":
    return furnished("Annanby kommun")
