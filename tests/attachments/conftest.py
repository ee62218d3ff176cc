"""A municipality that files can belong to."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from organisation.models import Municipality


@pytest.fixture
def municipality(db: None) -> "Municipality":
    # Imported here: pytest reads this file before the settings are known.
    from tests.factories.organisation import make_municipality

    return make_municipality().municipality
