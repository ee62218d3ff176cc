"""What the fault trials share."""

import uuid
from collections.abc import Callable

import pytest


@pytest.fixture
def make_keys() -> Callable[[int], list[uuid.UUID]]:
    """Make the keys of that many forms."""
    return lambda count: [uuid.uuid4() for _number in range(count)]
