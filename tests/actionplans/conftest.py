"""A town to plan in."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.factories.organisation import Town


@pytest.fixture
def town(db: None) -> "Town":
    """A small municipality with people in every role."""
    # Settings are there only after all conftest files have been read.
    from tests.factories.organisation import make_municipality

    return make_municipality()
