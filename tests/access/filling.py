"""The forms that a view makes, whatever it does with them, and answers that a person could have given."""

import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.db import models

from organisation import clock
from organisation.forms.choosing import RowsChoice

UUID_IN_IT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What fits the other answers, whichever comes first in the words of the language: a new body under the council.
FITTING = ("committee",)
# Of the form itself, not of a row.
NO_ROW = {"submission_key"}


@dataclass(frozen=True)
class Choice:
    """One question whose answer names a row: its name in the page, a value that we may give, and that row.

    ``hidden``: an id that the page carries along; refused or disregarded, but never obeyed.
    """

    name: str
    value: str
    row: models.Model
    hidden: bool = False


@contextmanager
def forms_made() -> Iterator[list[forms.BaseForm]]:
    """Note every form that is made meanwhile."""
    made: list[forms.BaseForm] = []
    kept: Any = forms.BaseForm.__init__

    def noting(form: forms.BaseForm, *args: Any, **kwargs: Any) -> None:
        kept(form, *args, **kwargs)
        if not isinstance(form, AuthenticationForm):
            made.append(form)

    with mock.patch.object(forms.BaseForm, "__init__", noting):
        yield made


def filled(made: Iterable[forms.BaseForm]) -> dict[str, list[str]]:
    """Return answers to all questions: what the page begins with, else something plausible."""
    answers: dict[str, list[str]] = {}
    for form in made:
        for name, field in form.fields.items():
            answers[form.add_prefix(name)] = _answer(form, name, field)
    return answers


def _answer(form: forms.BaseForm, name: str, field: forms.Field) -> list[str]:
    begun = form.get_initial_for_field(field, name)
    if isinstance(field, RowsChoice):
        offered = field.rows.order_by("pk")[: 2 if field.several else 1]
        return [str(row.public_id) for row in offered]
    if isinstance(field, forms.ModelChoiceField):
        rows = [begun] if isinstance(begun, models.Model) else list((field.queryset or ()).all()[:1])
        return [str(field.prepare_value(row)) for row in rows]
    if begun not in (None, "", [], ()):
        values = begun if isinstance(begun, list | tuple) else [begun]
        return [str(value) for value in values]
    if isinstance(field, forms.ChoiceField):
        given = [str(value) for value, _label in _flat(field.choices) if value not in (None, "")]
        return [value for value in given if value in FITTING] or given[:1]
    return [_written(field)]


def _written(field: forms.Field) -> str:
    if isinstance(field, forms.EmailField):
        return "ny.person@exempelby.example.se"
    if isinstance(field, forms.IntegerField | forms.DecimalField):
        return str(field.min_value or 1)
    if isinstance(field, forms.UUIDField):
        return ""
    if isinstance(field, forms.DateField) or "Date" in type(field).__name__ or "Day" in type(field).__name__:
        return clock.today().isoformat()
    return "En mening om saken." if isinstance(field, forms.CharField) else ""


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield value, label


def choices_in(made: Iterable[forms.BaseForm], row_of: Any) -> Iterator[Choice]:
    """Yield each question that is answered by a row of ours; ``row_of`` finds a row by its public id."""
    for form in made:
        for name, field in form.fields.items():
            if name in NO_ROW:
                continue
            for value, row, hidden in _rows_offered(form, name, field, row_of):
                yield Choice(form.add_prefix(name), value, row, hidden)
                break


def _rows_offered(form: forms.BaseForm, name: str, field: forms.Field, row_of: Any) -> Iterator[tuple[str, Any, bool]]:
    if isinstance(field, RowsChoice):
        for row in field.rows.order_by("pk")[:1]:
            yield str(row.public_id), row, False
    elif isinstance(field, forms.ModelChoiceField):
        for row in (field.queryset or ()).all()[:1]:
            yield str(field.prepare_value(row)), row, False
    elif isinstance(field, forms.ChoiceField):
        for value, _label in _flat(field.choices):
            if (found := uuid_in(value)) and (row := row_of(found)) is not None:
                yield str(value), row, False
    elif isinstance(field, forms.UUIDField):
        begun = form.get_initial_for_field(field, name)
        if begun and (row := row_of(str(begun))) is not None:
            yield str(begun), row, True


def swapped(choice: Choice, other: Any) -> str:
    """Return the value that would name ``other`` instead of the row of ``choice``."""
    ours = str(choice.row.public_id)  # type: ignore[attr-defined]
    if ours in choice.value:
        return choice.value.replace(ours, str(other.public_id))
    if choice.value == str(choice.row.pk):
        return str(other.pk)
    return str(getattr(other, "key", other.pk))


def uuid_in(text: object) -> str:
    """Return the id that stands in a choice's value, if any."""
    found = UUID_IN_IT.search(str(text))
    return str(uuid.UUID(found[0])) if found else ""
