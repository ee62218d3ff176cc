"""Everything that is drawn: choices, days and ids, the same for the same municipality and year."""

import random
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import yaml
from django.conf import settings

from organisation import clock

T = TypeVar("T")

TEXTS = Path(__file__).resolve().parent / "texts"
OFFICE_OPENS, OFFICE_CLOSES = 7, 17


@cache
def texts(name: str) -> dict[str, Any]:
    """The invented words of one file in ``texts``."""
    words: dict[str, Any] = yaml.safe_load((TEXTS / f"{name}.yaml").read_text(encoding="utf-8"))
    return words


class Chance:
    """Draws that repeat themselves for the same municipality and year."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def one(self, of: Sequence[T]) -> T:
        """One of several, each as likely."""
        return self._random.choice(of)

    def some(self, of: Sequence[T], count: int) -> list[T]:
        """So many different ones, or all when there are fewer."""
        return self._random.sample(of, min(count, len(of)))

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One by weight."""
        return self._random.choices(list(weights), weights=list(weights.values()))[0]

    def number(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return self._random.randint(low, high)

    def happens(self, share: float) -> bool:
        """Whether something happens that happens in this share of all cases."""
        return self._random.random() < share

    def moment(self, day: date) -> datetime:
        """A moment in office hours of the day, in the municipality's time, and never later than now."""
        hour, minute = self.number(OFFICE_OPENS, OFFICE_CLOSES - 1), self.number(0, 59)
        local = datetime.combine(day, time(hour, minute), ZoneInfo(settings.TIME_ZONE))
        return min(local.astimezone(UTC), clock.now())

    def key(self) -> uuid.UUID:
        """A random key, as a form would carry."""
        return uuid.UUID(int=self._random.getrandbits(128), version=4)

    def public_id(self, at: datetime) -> uuid.UUID:
        """A UUIDv7 of the moment, as the models make them, but from these draws."""
        milliseconds = int(at.timestamp() * 1000)
        drawn = self._random.getrandbits(74)
        version, variant = 0x7 << 76, 0b10 << 62
        return uuid.UUID(int=milliseconds << 80 | version | (drawn >> 62) << 64 | variant | drawn & (1 << 62) - 1)


def not_to_come(day: date) -> date:
    """The day, or today when it has not come yet."""
    return min(day, clock.today())


def days(count: int) -> timedelta:
    """So many days."""
    return timedelta(days=count)


def next_weekday(day: date) -> date:
    """The day, or the Monday after it."""
    return day + days(7 - day.weekday()) if day.weekday() > 4 else day
