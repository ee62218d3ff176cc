"""A town, its neighbour, and the town's people logged in."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from tests.factories.organisation import Town


def made(name: str) -> "Town":
    # Imported here: pytest reads this file before the settings are known.
    from tests.factories.organisation import make_municipality

    return make_municipality(name)


@pytest.fixture
def town(db: None) -> "Town":
    return made("Exempelby kommun")


@pytest.fixture
def other_town(db: None) -> "Town":
    return made("Grannby kommun")


@pytest.fixture
def as_(town: "Town") -> Callable[[str], Client]:
    """A browser in which the person with that role is logged in: ``as_("unit_manager")``."""

    def log_in(role: str) -> Client:
        client = Client()
        client.force_login(town.people[role])
        return client

    return log_in
