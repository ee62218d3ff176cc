"""What the sweeps share: two municipalities with one of everything."""

from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.db import connection, transaction


@pytest.fixture(scope="module")
def twins(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Both municipalities for all questions of a module; each question leaves nothing behind."""
    # Settings are there only after all conftest files have been read.
    from tests.access.swapping import build_twins, visitor
    from tests.followup.making import blank_pdf

    # A paper's rights don't depend on its layout, which takes long.
    laid_out = mock.patch("safety_portal.pdf.html_to_pdf", return_value=blank_pdf())
    with django_db_blocker.unblock(), transaction.atomic(), laid_out:
        if connection.vendor != "postgresql":
            pytest.skip("the tables are compared by PostgreSQL")
        made = build_twins()
        # Logged in once: that is no change of what is asked about.
        made.client = visitor(made.person)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def unchanged(twins: Any) -> Iterator[None]:
    """Take back what one question changed."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
