"""Every municipality file at hand is loaded whole, and so is one that looks like none of them."""

import datetime as dt
import json
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.db import models

from organisation.loading import load_files
from organisation.models import Body, BodyClosure, Municipality, Placement, Seat
from policies.models import Dimension
from risks.models import Scale

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "organisation" / "municipalities").glob("*.yaml"))
EXEMPELBY = ROOT / "tests" / "data" / "exempelby.yaml"
DOCUMENTED = ROOT / "docs" / "municipality-file.md"


def documented_example(folder: Path) -> Path:
    """The complete example of the documentation, as a file."""
    text = DOCUMENTED.read_text(encoding="utf-8").split("## A complete small example", 1)[1]
    found = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert found
    path = folder / "documented.yaml"
    path.write_text(found[1], encoding="utf-8")
    return path


def scalars(value: Any) -> Iterator[str]:
    """Every text in a value, however deep; a date as it is written."""
    if isinstance(value, dict):
        for part in value.values():
            yield from scalars(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from scalars(part)
    elif isinstance(value, dt.date):
        yield value.isoformat()
    elif value is not None:
        yield str(value)


def stored_texts(municipality: Municipality) -> set[str]:
    """Every text that stands in a row of the municipality."""
    texts: set[str] = set()
    for model in apps.get_models():
        columns = {field.name for field in model._meta.concrete_fields}
        if "history_id" in columns or model._meta.label == "organisation.LoadedRow":
            continue
        rows: models.QuerySet[Any] | None = None
        if model is Municipality:
            rows = Municipality.objects.filter(pk=municipality.pk)
        elif "municipality" in columns:
            rows = model._default_manager.filter(municipality=municipality)
        if rows is not None:
            texts.update(text for row in rows.values() for text in scalars(row))
    return texts


def without_structure(text: str) -> bool:
    """Whether the text carries meaning by itself: not a number, not yes or no."""
    return text not in ("true", "false", "") and not re.fullmatch(r"\d{1,3}", text)


@pytest.mark.parametrize("path", [*SHIPPED, EXEMPELBY, DOCUMENTED], ids=lambda path: path.stem)
def test_nothing_that_a_file_says_is_dropped(path: Path, tmp_path: Path) -> None:
    path = documented_example(tmp_path) if path == DOCUMENTED else path

    (report,) = load_files([path])

    municipality = Municipality.objects.get(key=report.key)
    said = set(filter(without_structure, scalars(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader))))
    assert len(said) > 40
    assert said - stored_texts(municipality) == set()


@pytest.mark.smoke
def test_all_files_are_loaded_in_one_run_and_again_without_a_change(tmp_path: Path) -> None:
    paths = [*SHIPPED, EXEMPELBY, documented_example(tmp_path)]
    assert len(SHIPPED) == 5

    started = time.monotonic()
    first = load_files(paths)
    again = load_files(paths)

    assert time.monotonic() - started < 30
    assert all(report.created.total() > 40 for report in first)
    assert [report.written() for report in again] == [set()] * len(paths)
    for municipality in Municipality.objects.all():
        bodies = Body.objects.of(municipality)
        assert bodies.filter(kind="council").count() == 1
        assert not Placement.objects.filter(municipality=municipality).exclude(parent__in=bodies).exists()
        assert BodyClosure.objects.filter(municipality=municipality, ancestor__in=bodies).count() >= bodies.count()


def unseen(seed: int, units: int) -> dict[str, Any]:
    """A municipality that nobody has written: its numbers of everything are drawn."""
    draw = random.Random(seed)
    committees = [f"namnd{number}" for number in range(draw.randint(2, 9))]
    rows, columns = draw.randint(2, 7), draw.randint(2, 7)
    bodies: list[dict[str, Any]] = [
        {"key": "f", "kind": "council", "name": "Fullmäktige"},
        {"key": "s", "kind": "board", "name": "Styrelsen", "parent": "f"},
        *({"key": key, "kind": "committee", "name": key.title(), "parent": "f"} for key in committees),
    ]
    above = [*committees, "s"]
    for level in range(draw.randint(1, 5)):
        keys = [f"avd{level}_{number}" for number in range(draw.randint(2, 6))]
        bodies += [{"key": key, "kind": "department", "name": key, "parent": draw.choice(above)} for key in keys]
        above = keys
    bodies += [
        {"key": f"enhet{number}", "kind": "unit", "name": f"Enhet {number}", "parent": draw.choice(above)}
        for number in range(units)
    ]
    draw.shuffle(bodies)
    return {
        "schema": 1,
        "municipality": {
            "key": f"osedd{seed}",
            "name": f"Osedd {seed}",
            "code": f"{9000 + seed}",
            "election": {"last": "2026-09-13"},
        },
        "bodies": bodies,
        "seat_types": [
            {"key": "ledare", "title": "Ledare", "kind": "unit_manager", "sits_at": "unit"},
            {"key": "ombud", "title": "Ombud", "kind": "unit_ombud", "sits_at": "unit", "falls_back_to": "ledare"},
        ],
        "dimensions": [{"key": f"d{number}", "name": f"D{number}"} for number in range(draw.randint(0, 7))],
        "scales": [
            {
                "key": "skala",
                "name": "Skala",
                "likelihood": [f"s{number}" for number in range(rows)],
                "consequence": [f"k{number}" for number in range(columns)],
                "bands": [
                    {"key": "a", "word": "mild", "severity": 1},
                    {"key": "b", "word": "svår", "severity": 3},
                ],
                "matrix": [
                    ["b" if row <= rows // 2 and column >= columns // 2 else "a" for column in range(columns)]
                    for row in range(rows)
                ],
            }
        ],
    }


@pytest.mark.parametrize("seed", range(5))
def test_a_municipality_that_nobody_has_seen_is_loaded(seed: int, tmp_path: Path) -> None:
    wanted = unseen(seed, units=20)
    path = tmp_path / "osedd.yaml"
    path.write_text(json.dumps(wanted), encoding="utf-8")

    load_files([path])

    municipality = Municipality.objects.get()
    assert Body.objects.of(municipality).count() == len(wanted["bodies"])
    assert Seat.objects.count() == 40
    assert Dimension.objects.count() == len(wanted["dimensions"])
    scale, drawn = Scale.objects.get(), wanted["scales"][0]
    assert scale.cells == drawn["matrix"][::-1]
    assert load_files([path])[0].written() == set()


def test_a_thousand_units_are_loaded_in_seconds_and_few_statements(
    tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    path = tmp_path / "stor.yaml"
    path.write_text(json.dumps(unseen(7, units=1_000)), encoding="utf-8")

    started = time.monotonic()
    with django_assert_max_num_queries(250):
        load_files([path])
    assert time.monotonic() - started < 20

    with django_assert_max_num_queries(40):
        assert load_files([path])[0].written() == set()
