"""What the tests of the follow-up share: a municipality with figures, and a report made in this process.

pytest reads this file before the settings are there: the project is imported within the fixtures.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.factories.organisation import Town


@pytest.fixture
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> date:
    """The tests' today: in February of the year after the one that is followed up."""
    from organisation import clock
    from tests.factories.followup import YEAR

    day = date(YEAR + 1, 2, 20)
    monkeypatch.setattr(clock, "today", lambda: day)
    return day


@pytest.fixture
def town(db: None, on_the_day: date) -> "Town":
    from tests.factories.followup import make_followed_up_town

    return make_followed_up_town()


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    """A folder of the test's own for stored files."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def quick_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw the template, but lay out nothing: a page instead of the whole paper."""
    from safety_portal import pdf
    from tests.followup.making import blank_pdf

    monkeypatch.setattr(pdf, "html_to_pdf", lambda *_given: blank_pdf())


@pytest.fixture
def make_whole_report(town: "Town", files: Path) -> Callable[..., Any]:
    """Start a report and do its jobs here, without a worker: ``make_whole_report(edition=…, year=…)``."""
    from followup.models import Edition
    from followup.services import start_report
    from tests.factories.followup import YEAR
    from tests.followup.making import finish

    def make(*, edition: str = Edition.SECRET, year: int = YEAR, of: Any = town) -> Any:
        return finish(start_report(municipality=of.municipality, year=year, edition=edition, by=None))

    return make


@pytest.fixture
def make_report(quick_pdf: None, make_whole_report: Callable[..., Any]) -> Callable[..., Any]:
    """The same with a blank page as its PDF, for tests of everything else."""
    return make_whole_report
