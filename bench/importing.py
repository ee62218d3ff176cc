"""Importing bodies and people from CSV files against COPY of the same rows into the same tables.

Each run begins in a fresh copy of one database, so that neither finds what the other left. What is copied is what the
import wrote: rows, history, closure and vacancies, with every index and constraint; both end with their commit.
"""

import csv
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from bench.city import COMMITTEES, FEWEST, PEOPLE_AT_A_UNIT, SITS_AT, UNITS, City
from bench.measure import Result, result
from organisation.models import (
    Appointment,
    Body,
    BodyClosure,
    BodyKind,
    Municipality,
    Placement,
    Seat,
    SeatKind,
    SeatType,
    User,
    Vacancy,
)
from organisation.people_import import FileKind
from organisation.services.importing import Imported, import_files
from organisation.tree import rebuild_closure

KEY, EMPTY, BEGIN, RUN = "importstad", "import_empty", "import_begin", "import_run"
RUNS = 5
LEAST_OF_COPY = 0.25
TRACKED = (Body, Placement, Seat, User, Appointment)
MODELS = (*TRACKED, *(model.history.model for model in TRACKED), BodyClosure, Vacancy)


def keep_empty() -> None:
    """Keep a copy of the migrated database before anything is written into it."""
    _clone(_database(), EMPTY)


def importing(city: City, small: City) -> list[Result]:
    """The first import, the same files again, and the memory of it; ``city`` gives the scale."""
    home = _database()
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _measure(city.scale, Path(folder))
    finally:
        _connect_to(home)


def _measure(scale: float, folder: Path) -> list[Result]:
    files = _write_files(scale, folder)
    _clone(EMPTY, BEGIN)
    with _in(BEGIN):
        _begin()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    copied = _rows_that_are_written(files)
    found = []
    for _run in range(RUNS):
        imported, again = _time_import(files)
        found.append((imported, again, _time_copy(copied)))
    people = len(files[FileKind.PEOPLE].splitlines()) - 1
    units = len(files[FileKind.BODIES].splitlines()) - 1
    what = f"import of {people} people, {units} bodies"
    return [
        result(f"{what} ÷ COPY", scale, [one / copy for one, _again, copy in found], at_most=1 / LEAST_OF_COPY),
        result(f"{what}, unchanged ÷ COPY", scale, [again / copy for _one, again, copy in found]),
        result(f"{what}: memory ÷ 500 MB", scale, [_memory_mb(folder) / 500], at_most=1),
    ]


# --- What is imported ----------------------------------------------------------------------


def _write_files(scale: float, folder: Path) -> dict[FileKind, bytes]:
    """Write the files that a city of the scale would send; return their contents."""
    committees = max(FEWEST["committees"], round(COMMITTEES * scale))
    units = max(FEWEST["units"], round(UNITS * scale))
    bodies = [(f"c{n}", f"Nämnd {n}", "nämnd", "council") for n in range(committees)]
    bodies += [(f"d{n}", f"Förvaltning {n}", "förvaltning", f"c{n}") for n in range(committees)]
    bodies += [(f"u{n}", f"Enhet {n}", "enhet", f"d{n % committees}") for n in range(units)]
    people = (
        (f"{100_000 + n}", f"Elin Modellgren {n}", f"person{n}@{KEY}.example.se", f"u{n % units}", "2020-01-01")
        for n in range(units * PEOPLE_AT_A_UNIT)
    )
    tables = {
        FileKind.BODIES: (("nyckel", "namn", "slag", "överordnad"), bodies),
        FileKind.PEOPLE: (("anställningsnummer", "namn", "e-post", "enhet", "första dag"), people),
    }
    for kind, (headings, rows) in tables.items():
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([headings, *rows])
    return {kind: (folder / f"{kind}.csv").read_bytes() for kind in tables}


def _begin() -> None:
    """Write what a municipality has before its first import: council, board and seat types."""
    municipality = Municipality.objects.create(key=KEY, name="Importstad")
    council = Body.objects.create(municipality=municipality, key="council", kind=BodyKind.COUNCIL, name="Fullmäktige")
    board = Body.objects.create(municipality=municipality, key="board", kind=BodyKind.BOARD, name="Kommunstyrelsen")
    Placement.objects.create(municipality=municipality, body=board, parent=council)
    for kind, at in SITS_AT.items():
        least = 0 if kind == SeatKind.EMPLOYEE else 1
        SeatType.objects.create(
            municipality=municipality, key=kind, kind=kind, title=str(kind.label), sits_at=[at], min_holders=least
        )
    rebuild_closure(municipality)


def run_import(files: dict[FileKind, bytes]) -> Imported:
    """Import the files into the municipality that waits for them; they must be right."""
    imported = import_files(municipality=Municipality.objects.get(key=KEY), files=files, is_full=True)
    if imported.problems:
        raise RuntimeError(f"{len(imported.problems)} problems, first: {imported.problems[0]}")
    return imported


# --- Timing --------------------------------------------------------------------------------


def _time_import(files: dict[FileKind, bytes]) -> tuple[float, float]:
    """Return the seconds of the first import, and of the same files again, which must write no row."""
    with _fresh():
        first = _seconds(lambda: run_import(files))
        before = _rows_touched()
        again = _seconds(lambda: run_import(files))
        if (touched := _rows_touched() - before) != 0:
            raise RuntimeError(f"the same files again wrote {touched} rows")
        return first, again


def _rows_that_are_written(files: dict[FileKind, bytes]) -> dict[str, str]:
    """Return table → what the import adds to it, as COPY writes it."""
    with _fresh():
        before = {model: _last_id(model) for model in MODELS}
        run_import(files)
        return {model._meta.db_table: _copied_out(model, before[model]) for model in MODELS}


def _time_copy(copied: dict[str, str]) -> float:
    """Return the seconds that COPY takes for the same rows, in the same order of tables, in one transaction."""

    def copy() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table, rows in copied.items():
                cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(rows))

    with _fresh():
        return _seconds(copy)


def _last_id(model: type[Model]) -> int:
    last = model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
    return last or 0


def _copied_out(model: type[Model], after: int) -> str:
    rows = io.StringIO()
    table, pk = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY (SELECT * FROM {table} WHERE {pk} > {after} ORDER BY {pk}) TO STDOUT", rows)
    return rows.getvalue()


def _rows_touched() -> int:
    """Return how many rows have been written in the whole database so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT COALESCE(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables")
        return int(cursor.fetchone()[0])


def _seconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def _memory_mb(folder: Path) -> float:
    """Return the peak memory of a process of its own that imports the files and does nothing else."""
    with _fresh():
        environment = os.environ | {"DATABASE_URL": _url()}
        argv = [sys.executable, "-m", "bench.import_alone", str(folder)]
        done = subprocess.run(argv, check=True, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
        return float(done.stdout)


# --- Databases -----------------------------------------------------------------------------


@contextmanager
def _fresh() -> Iterator[None]:
    """A new copy of the database in which the municipality waits for its first import."""
    _clone(BEGIN, RUN)
    with _in(RUN):
        # What making the copy left to be written to disk is none of the next action's business.
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
        yield


@contextmanager
def _in(name: str) -> Iterator[None]:
    home = _database()
    _connect_to(name)
    try:
        yield
    finally:
        _connect_to(home)


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _url() -> str:
    return os.environ["DATABASE_URL"].replace("/bench", f"/{_database()}")


def _clone(source: str, name: str) -> None:
    """Make the database ``name`` anew as a copy of ``source``; nobody may be connected to either."""
    with _in("postgres"), connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
