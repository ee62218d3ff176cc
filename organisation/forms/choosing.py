"""Choosing bodies and people by search: among 5,000 bodies or 60,000 people, without JavaScript.

::

    class MoveForm(ChoosingForm):
        parent = BodyChoice(label=_("Under which body?"))
        told = PersonChoice(label=_("Who is told?"), several=True, required=False)

        def __init__(self, *args, user, **kwargs):
            super().__init__(*args, **kwargs)
            self.choose_among("parent", Scope.of(user).bodies(VIEW_BODY).in_force(clock.today()))
            self.choose_among("told", user.municipality.people.all())

``choose_among`` says which rows there are; whatever else is sent is refused. ``cleaned_data["parent"]`` is a ``Body``
(or none), with ``several`` a list. The template writes ``{% field form.parent %}`` and nothing more. In a view,
``if form.is_valid():`` is enough: while the person searches, the form is neither valid nor has errors, and the page
shown again (status ``422 if form.errors else 200``) holds what was found and all other answers. A GET form works the
same, and an address may say ``?parent=<public id>``. Where there are few rows, all of them are offered at once.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.models import Appointment, Body, User
from organisation.searching import holding
from organisation.standing import standing_of
from safety_portal.forms import PortalForm

# As many as fit in one look are offered without a search.
FEW = 8
MOST_FOUND = 20
# Which field's search button was pressed.
SEARCH_BUTTON = "search_in"


@dataclass(frozen=True)
class Asked:
    """What was sent for one choice: the rows ticked, the words searched for, and those already answered."""

    chosen: tuple[str, ...] = ()
    words: str = ""
    answered: str = ""
    pressed: bool = False

    @property
    def is_search(self) -> bool:
        """Tell whether the person asks to see what there is, by the button or by new words."""
        return self.pressed or bool(self.words and self.words != self.answered)


@dataclass(frozen=True)
class Option:
    """One row that can be ticked: its public id, name, and what tells it from others of that name."""

    id: str
    value: str
    label: str
    hint: str
    chosen: bool


class RowSearch(forms.Widget):
    """Rows to tick, and a search for more; drawn by ``django/forms/field/rows.html``."""

    field_kind = "rows"
    use_fieldset = True

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Asked:
        listed: Callable[[str], Iterable[Any]] | None = getattr(data, "getlist", None)
        sent = listed(name) if listed else data.get(name, ())
        chosen = [sent] if isinstance(sent, str | uuid.UUID) else list(sent)
        return Asked(
            chosen=tuple(dict.fromkeys(str(value) for value in chosen if value)),
            words=str(data.get(f"{name}_words", "")).strip(),
            answered=str(data.get(f"{name}_answered", "")).strip(),
            pressed=data.get(SEARCH_BUTTON) == name,
        )

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}_words" not in data


class BoundRows(BoundField):
    """A choice of rows as it is drawn: those offered, and what is said of the search."""

    field: "RowsChoice"

    @cached_property
    def asked(self) -> Asked:
        """What was sent, else what the form begins with."""
        value = self.value()
        if isinstance(value, Asked):
            return value
        begun = value if isinstance(value, list | tuple | set | QuerySet) else [value]
        return Asked(chosen=tuple(str(getattr(row, "public_id", row)) for row in begun if row))

    @cached_property
    def all_rows(self) -> list[Any] | None:
        """All rows, while they are few; else none."""
        rows = list(self.field.rows.order_by("name", "pk")[: FEW + 1])
        return rows if len(rows) <= FEW else None

    @cached_property
    def found(self) -> list[Any]:
        """Rows that the words name, one more than is shown where there are more."""
        if not self.asked.words or self.all_rows is not None:
            return []
        return list(self.field.named(self.asked.words).order_by("name", "pk")[: MOST_FOUND + 1])

    @property
    def more(self) -> bool:
        """Tell whether there are more than are shown."""
        return len(self.found) > MOST_FOUND

    @cached_property
    def options(self) -> list[Option]:
        """The rows offered: those ticked, then what was found; a single one found is ticked."""
        ticked = self.field.chosen(self.asked.chosen)
        rows = self.all_rows
        if rows is None:
            rows = [*ticked, *(row for row in self.found[:MOST_FOUND] if row not in ticked)]
        if len(rows) == 1 and not ticked and self.field.required:
            ticked = rows
        hints = self.field.hints(rows)
        return [
            Option(
                id=f"{self.auto_id}_{place}",
                value=str(row.public_id),
                label=str(row),
                hint=hints.get(row.pk, ""),
                chosen=row in ticked,
            )
            for place, row in enumerate(rows)
        ]

    @property
    def is_searched(self) -> bool:
        """Tell whether there are so many rows that they are searched for."""
        return self.all_rows is None

    @property
    def id_for_label(self) -> str:
        """Where an error's link leads: the search, or the first of a few rows."""
        return f"{self.auto_id}_words" if self.is_searched else f"{self.auto_id}_0"


class RowsChoice(forms.Field):
    """One row, or ``several``, of those that the form says there are (``ChoosingForm.choose_among``)."""

    widget = RowSearch
    searched: tuple[str, ...] = ("name",)
    search_label: Any = _("Search by name")
    nothing_chosen: Any
    default_error_messages = {"gone": _("What you chose can't be chosen any more. Search again.")}

    def __init__(self, *, several: bool = False, **kwargs: Any) -> None:
        kwargs["error_messages"] = {"required": self.nothing_chosen, **kwargs.get("error_messages", {})}
        super().__init__(**kwargs)
        self.several = several
        self.rows: QuerySet[Any] = self.none()
        # The day for which it is told where bodies stand; today, when the form says nothing.
        self.on: date | None = None

    def none(self) -> QuerySet[Any]:
        """Return no rows, of the right kind."""
        raise NotImplementedError

    def hints(self, rows: list[Any]) -> dict[int, str]:
        """Return row id → the line that tells it from others of the same name."""
        raise NotImplementedError

    def narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return those of ``rows`` that can be chosen at all."""
        return rows

    def named(self, words: str) -> QuerySet[Any]:
        """Return the rows that ``words`` name."""
        return self.rows.filter(holding(words, *self.searched))

    def chosen(self, public_ids: Iterable[str]) -> list[Any]:
        """Return the rows with these public ids, in order of name; ids that are none of them are left out."""
        readable = [found for text in public_ids if (found := _public_id(text))]
        return list(self.rows.filter(public_id__in=readable).order_by("name", "pk")) if readable else []

    def clean(self, value: Any) -> Any:
        asked = value if isinstance(value, Asked) else Asked()
        rows = self.chosen(asked.chosen)
        if len(rows) != len(asked.chosen) or (len(rows) > 1 and not self.several):
            raise ValidationError(self.error_messages["gone"], code="gone")
        if self.required and not rows:
            raise ValidationError(self.error_messages["required"], code="required")
        if self.several:
            return rows
        return rows[0] if rows else None

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundRows:
        return BoundRows(form, self, field_name)


class BodyChoice(RowsChoice):
    """A choice of bodies; each says what it is and where it stands."""

    nothing_chosen = _("Search for a body and choose it.")

    def none(self) -> QuerySet[Body]:
        return Body.objects.none()

    def hints(self, rows: list[Body]) -> dict[int, str]:
        return standing_of(rows, self.on or clock.today())


class PersonChoice(RowsChoice):
    """A choice of people who have not left; each shows e-mail address and seats."""

    searched = ("name", "email")
    search_label = _("Search by name or e-mail")
    nothing_chosen = _("Search for a person and choose them.")

    def none(self) -> QuerySet[User]:
        return User.objects.none()

    def narrowed(self, rows: QuerySet[User]) -> QuerySet[User]:
        return rows.filter(is_active=True)

    def hints(self, rows: list[User]) -> dict[int, str]:
        held = Appointment.objects.in_force(clock.today()).filter(person__in=rows).with_seat().order_by("pk")
        lines = {person.pk: [person.email] for person in rows}
        for appointment in held:
            lines[appointment.person_id].append(f"{appointment.seat.seat_type.title}, {appointment.seat.body.name}")
        return {person_id: "; ".join(parts) for person_id, parts in lines.items()}


class ChoosingForm(PortalForm):
    """A form in which bodies or people are searched for and chosen."""

    def choose_among(self, name: str, rows: QuerySet[Any], *, on: date | None = None) -> None:
        """Say which rows the field ``name`` offers; bodies tell where they stand on the day ``on`` (none: today)."""
        field = cast(RowsChoice, self.fields[name])
        field.rows, field.on = field.narrowed(rows), on

    @cached_property
    def is_searching(self) -> bool:
        """Tell whether the person searches, and has not sent the form yet."""
        choices = [name for name, field in self.fields.items() if isinstance(field, RowsChoice)]
        return self.is_bound and any(cast(BoundRows, self[name]).asked.is_search for name in choices)

    def full_clean(self) -> None:
        """Check nothing while the person searches."""
        if self.is_searching:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def is_valid(self) -> bool:
        return super().is_valid() and not self.is_searching


def _public_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
