"""A town to plan in."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import translation

if TYPE_CHECKING:
    from risks.models import Risk
    from tests.factories.organisation import Town


@pytest.fixture
def town(db: None) -> "Town":
    """A small municipality with people in every role."""
    # Settings are there only after all conftest files have been read.
    from tests.factories.organisation import make_municipality

    return make_municipality()


@pytest.fixture
def risk(town: "Town") -> "Risk":
    """A risk of the unit below the committee, judged before and after measures."""
    from tests.factories.actionplans import make_judged_risk

    return make_judged_risk(town, "care-north")


@pytest.fixture
def other_risk(town: "Town") -> "Risk":
    """A risk of another committee's unit."""
    from tests.factories.actionplans import make_judged_risk

    return make_judged_risk(town, "school-unit")


@pytest.fixture
def in_english(settings: Any) -> Iterator[None]:
    """Pages in the language of their source, so that a test reads as the code does."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield
