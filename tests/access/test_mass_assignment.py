"""What a person sends beside a form's own questions takes no value: no column is written by its name."""

import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.urls import reverse

from organisation.forms.people import PersonForm
from organisation.models import User
from tests.access.cells import ASKED
from tests.access.filling import UUID_IN_IT, filled, forms_made
from tests.access.matrix import read_rows
from tests.access.swapping import NOT_DOMAIN, ask, changed_tables, fingerprint, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unchanged")]

POSTED = sorted({row.url for row in read_rows() if row.method == "POST" and ":" in row.url})
SEEN_BY_ONE = {
    "organisation:filter_delete": "unit_manager",
    "report:receipt": "employee",
    "organisation:handover": "head",
}
# Made anew each time, and so never alike in two runs.
RANDOM = {"report_code", "code_hash", "password", "content_hash", "file_hash", "last_login", "secret"}
TEXT, NUMBER, UUID = "smuggled-in", 987_653, "0198aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee"
IDS_OF_ROWS = re.compile(rf"(?<!\d)(?!{NUMBER}|1999)\d+")
# Something is sent, but no question is answered.
NOTHING = {"no_question": "x"}
DAY, TIME = "1999-09-09", "1999-09-09T09:09:09"


def domain_models() -> list[type[models.Model]]:
    """Every kind of row; histories say what the rows say."""
    kinds = [model for model in apps.get_models() if model._meta.managed and model._meta.db_table not in NOT_DOMAIN]
    return [model for model in kinds if not model.__name__.startswith("Historical")]


def smuggled(twins) -> dict[str, str]:
    """A value for each column of every model of the project, by name and, for a tie, by name with ``_id``."""
    values: dict[str, str] = {"pk": str(NUMBER)}
    for model in domain_models():
        if Path(apps.get_app_config(model._meta.app_label).path).parent != settings.BASE_DIR:
            continue
        for one in model._meta.fields:
            values[one.name] = values[one.attname] = _value(one, twins)
    return values


def _value(one: models.Field, twins) -> str:
    if isinstance(one, models.ForeignKey):
        related = one.related_model
        rows = related._default_manager.all()
        if "municipality" in {column.name for column in related._meta.fields}:
            rows = rows.filter(municipality=twins.foreign.municipality)
        if related is type(twins.foreign.municipality):
            rows = rows.filter(pk=twins.foreign.municipality.pk)
        return str(rows.order_by("pk").values_list("pk", flat=True).first() or NUMBER)
    if one.choices:
        return str(list(one.choices)[-1][0])
    if isinstance(one, models.BooleanField):
        return "on"
    if isinstance(one, models.DateTimeField):
        return TIME
    if isinstance(one, models.DateField):
        return DAY
    if isinstance(one, models.UUIDField):
        return UUID
    return str(NUMBER) if isinstance(one, models.IntegerField | models.AutoField) else TEXT


def rows_of(tables: set[str], known: dict[str, int]) -> Counter:
    """The rows of ``tables`` as they read without what differs each time; ``known``: table → its last old id."""
    found: Counter = Counter()
    for model in domain_models():
        if model._meta.db_table in tables:
            for row in model._base_manager.all():
                told = tuple(_told(row, one, known) for one in model._meta.fields if one.name not in RANDOM)
                found[model._meta.label, told] += 1
    return found


def _told(row: models.Model, one: models.Field, known: dict[str, int]) -> Any:
    value = getattr(row, one.attname)
    if one.primary_key or isinstance(one, models.ForeignKey):
        table = (one.related_model if isinstance(one, models.ForeignKey) else type(row))._meta.db_table
        return "new" if isinstance(value, int) and value > known.get(table, 0) else str(value)
    if isinstance(value, datetime):
        return value.isoformat() if TIME[:10] in value.isoformat() else "a moment"
    text = UUID_IN_IT.sub(lambda met: met[0] if met[0] == UUID else "an id", str(value))
    # What waits to be sent names rows by ids that are new each time.
    waits = row._meta.app_label == "notifications"
    return IDS_OF_ROWS.sub("#", text) if waits else text


def last_ids() -> dict[str, int]:
    known = {}
    for model in domain_models():
        if isinstance(model._meta.pk, models.AutoField):
            known[model._meta.db_table] = model._base_manager.aggregate(top=models.Max("pk"))["top"] or 0
    return known


def outcome(twins, client, url: str, data: dict[str, Any], known: dict[str, int]) -> tuple[int, Counter, set[str]]:
    """Send the answers and return the status, and what the tables say; everything is taken back."""
    with transaction.atomic():
        before = fingerprint()
        status = ask(client, "POST", url, twins.ours.get(url, {}), data).status_code
        changed = changed_tables(before)
        rows = rows_of(changed, known)
        transaction.set_rollback(True)
    return status, rows, changed


def form_of(twins, client, url: str) -> list:
    for method in (client.get, client.post):
        with forms_made() as made, transaction.atomic():
            response = method(reverse(url, kwargs=twins.ours.get(url, {})))
            transaction.set_rollback(True)
        if response.status_code != 405:
            break
    return made


def taken(twins, url: str) -> tuple[list[Any], bool]:
    """Return what the values beside the form changed, and whether its own answers changed anything."""
    role = SEEN_BY_ONE.get(url)
    client = visitor(twins.home.people[role]) if role else twins.client
    made = form_of(twins, client, url)
    answers = filled(made)
    beside = {name: value for name, value in smuggled(twins).items() if name not in answers}
    known, found = last_ids(), []
    plain = outcome(twins, client, url, answers, known)
    for own in (answers, NOTHING):
        expected = plain if own is answers else outcome(twins, client, url, own, known)
        status, rows, changed = outcome(twins, client, url, beside | own, known)
        if (status, changed) != (expected[0], expected[2]) or rows != expected[1]:
            found.append((status, expected[0], sorted((rows - expected[1]), key=str)[:3], changed ^ expected[2]))
    return found, bool(plain[2])


@pytest.mark.parametrize("url", POSTED)
def test_no_column_is_written_by_its_name(twins, record_property, url):
    found, changed = taken(twins, url)
    record_property(ASKED, ("form with every column sent beside it", 1))
    if changed:
        record_property(ASKED, ("of these forms change something", 1))
    assert not found


# Control


@pytest.mark.parametrize("column", ["is_staff", "municipality_id", "public_id", "left_at"])
def test_control_a_form_that_takes_a_column_is_seen(twins, monkeypatch, column):
    """Were a person changed by whatever is sent, the administrator of one municipality would run the next."""

    class Obliging(PersonForm):
        def clean(self):
            asked = super().clean() or self.cleaned_data
            return asked | {name: self.data[name] for name in [column] if name in self.data}

    def as_sent(*, person, by, **values):
        sent = {name: True if value == "on" else value for name, value in values.items()}
        if column == "left_at" and column in sent:
            sent |= {"is_active": False, "left_at": f"{TIME}+00:00"}
        User.objects.filter(pk=person.pk).update(**sent)

    monkeypatch.setattr("organisation.views.people.PersonForm", Obliging)
    monkeypatch.setattr("organisation.services.people.change_person", as_sent)
    assert taken(twins, "organisation:person_edit")[0]
