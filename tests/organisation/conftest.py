"""What tests of the organisation share."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture
def in_english() -> Iterator[None]:
    """Refusals in the language of their source, so that a test reads as the code does."""
    with translation.override("en"):
        yield
