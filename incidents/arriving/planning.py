"""What a file of cases would write: read by its mapping, compared with what is known, with everything that is wrong."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from incidents.arriving.cells import CODES, LONGEST_TEXT, read_cell
from incidents.arriving.fields import FIELDS, Field, Read, words_for
from incidents.arriving.problems import Problem
from incidents.arriving.sheet import Sheet, read_sheet
from incidents.disposal.removing import foreign_mark
from incidents.models import ColumnMapping, Incident
from organisation import clock
from organisation.models import ALWAYS, WORKPLACES, Body, Municipality
from organisation.people_import.columns import plain
from organisation.people_import.telling import MOST_REPEATED

# A column of free text that is read as a choice must not fill the page with itself.
MOST_WORDS, LONGEST_WORD = 60, 60
BATCH = 1_000


@dataclass(frozen=True)
class Row:
    """One new case: its number in the other system, its body, and what each field says."""

    number: str
    body_id: int
    values: Mapping[str, Any]


@dataclass
class Plan:
    """What the file would write, and what it holds that is known already."""

    headings: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    known: int = 0
    # Field to the words of the file that are not understood.
    words: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def digest(self) -> str:
        """Return the digest of everything that would be written."""
        told = hashlib.sha256()
        for row in self.rows:
            told.update(repr((row.number, row.body_id, sorted(row.values.items()))).encode())
        return told.hexdigest()


def make_plan(municipality: Municipality, mapping: ColumnMapping, content: bytes) -> tuple[Plan, list[Problem]]:
    """Read the file by the mapping; while ``problems`` holds anything, nothing may be written."""
    problems: list[Problem] = []
    sheet = read_sheet(content, problems)
    plan = Plan(headings=sheet.headings)
    if not problems:
        _Reading(municipality, mapping, sheet, plan, problems).read()
    return plan, problems


class _Reading:
    """One reading of a sheet by a mapping."""

    def __init__(
        self, municipality: Municipality, mapping: ColumnMapping, sheet: Sheet, plan: Plan, problems: list[Problem]
    ) -> None:
        self.mapping, self.sheet, self.plan, self.problems = mapping, sheet, plan, problems
        self.municipality, self.today = municipality, clock.today()
        self.places = self._places()
        self.words = {
            key: {plain(word): choice for word, choice in said.items()} for key, said in mapping.words.items()
        }
        self.bodies = _bodies_by_word(municipality)
        self.seen: dict[str, int] = {}

    def read(self) -> None:
        if self.problems:
            return
        known = self._known()
        for line, cells in self.sheet.rows:
            row = self._row(line, cells)
            if row is None:
                continue
            if row.number in known or foreign_mark(row.number) in known:
                self.plan.known += 1
            else:
                self.plan.rows.append(row)

    def _places(self) -> dict[str, int]:
        places = {}
        for one in FIELDS:
            heading = self.mapping.columns.get(one.key, "")
            place = self.sheet.place_of(heading) if heading else None
            if place is not None:
                places[one.key] = place
            elif one.needed:
                code, values = ("gone_column", {"value": heading}) if heading else ("no_column", {})
                self.problems.append(Problem(1, str(one.label), code, values))
        return places

    def _known(self) -> set[str]:
        """Return the numbers of the same system that the portal has; of disposed ones what stands for them."""
        cases = Incident.objects.of(self.municipality).filter(foreign_system=self.mapping.system)
        return set(cases.exclude(foreign_number="").values_list("foreign_number", flat=True))

    def _row(self, line: int, cells: list[str]) -> Row | None:
        before = len(self.problems)
        values: dict[str, Any] = {}
        for one in FIELDS:
            place = self.places.get(one.key)
            text = cells[place] if place is not None and place < len(cells) else ""
            if text:
                values[one.key] = self._value(line, one, text)
            elif one.needed:
                self._wrong(line, one, "missing")
        self._days(line, values)
        number = str(values.pop("number", ""))
        self._once(line, number)
        if len(self.problems) > before:
            return None
        return Row(number, values.pop("body"), values)

    def _value(self, line: int, one: Field, text: str) -> Any:
        if one.read is Read.CHOICE:
            return self._choice(line, one, text)
        if one.read is Read.BODY:
            return self._body(line, one, text)
        if one.read in CODES:
            try:
                return read_cell(one, text)
            except ValueError:
                self._wrong(line, one, CODES[one.read], value=text[:MOST_REPEATED])
                return None
        limit = one.limit or LONGEST_TEXT
        if len(text) > limit:
            self._wrong(line, one, "too_long", length=len(text), limit=limit)
        return text

    def _choice(self, line: int, one: Field, text: str) -> str | None:
        word = plain(text)
        found = self.words.get(one.key, {}).get(word) or words_for(one.key).get(word)
        if found is None:
            self._wrong(line, one, "unknown_word", value=text[:MOST_REPEATED])
            listed = self.plan.words[one.key]
            if text[:LONGEST_WORD] not in listed and len(listed) < MOST_WORDS:
                listed.append(text[:LONGEST_WORD])
        return found

    def _body(self, line: int, one: Field, text: str) -> int | None:
        found = self.bodies.get(plain(text), [])
        if len(found) != 1:
            self._wrong(line, one, "two_bodies" if found else "unknown_body", value=text[:MOST_REPEATED])
            return None
        return found[0]

    def _days(self, line: int, values: dict[str, Any]) -> None:
        happened = values.get("occurred_on")
        for key in ("occurred_on", "reported_on", "closed_on"):
            day: date | None = values.get(key)
            one = next(field for field in FIELDS if field.key == key)
            if day is None:
                continue
            if not ALWAYS <= day <= self.today:
                self._wrong(line, one, "in_the_future", value=day.isoformat())
            elif happened and day < happened:
                self._wrong(line, one, "before_it_happened")

    def _once(self, line: int, number: str) -> None:
        if number and number in self.seen:
            self._wrong(line, FIELDS[0], "twice", other=self.seen[number])
        self.seen.setdefault(number, line)

    def _wrong(self, line: int, one: Field, code: str, **values: object) -> None:
        self.problems.append(Problem(line, self.mapping.columns.get(one.key) or str(one.label), code, values))


def _bodies_by_word(municipality: Municipality) -> Mapping[str, list[int]]:
    """Return key, code or name of each workplace, as it is compared, with the bodies that it means; closed ones too.

    A key means its own body, whatever others are called.
    """
    found: dict[str, list[int]] = defaultdict(list)
    bodies = list(
        Body.objects.of(municipality).filter(kind__in=WORKPLACES).values_list("pk", "key", "report_code", "name")
    )
    for pk, _key, _code, name in bodies:
        found[plain(name)].append(pk)
    for pk, key, code, _name in bodies:
        found[plain(key)] = found[plain(code)] = [pk]
    return found
