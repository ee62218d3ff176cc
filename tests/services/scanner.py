"""A real ClamAV daemon that knows two signatures, made at run time; no mirror is ever asked."""

from collections.abc import Iterator
from typing import Any

import pytest

from scripts.servers import PrivateScanner

# The industry's test string, and one of our own that survives in a document.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
OWN = b"provfil-som-bara-vi-kallar-farlig"


@pytest.fixture(scope="session")
def _running_scanner() -> Iterator[PrivateScanner]:
    with PrivateScanner({"Eicar-Test": EICAR, "Own-Test": OWN}) as daemon:
        yield daemon


@pytest.fixture
def scanner(_running_scanner: PrivateScanner, settings: Any) -> PrivateScanner:
    """The running daemon, which the settings point to; started again if a test stopped it."""
    if not _running_scanner.answers():
        _running_scanner.start()
    settings.CLAMD = _running_scanner.url()
    return _running_scanner
