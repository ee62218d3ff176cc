"""Form pieces shared by every app: the renderer, the base forms and a few fields of our own.

The markup stands in ``templates/django/forms/``: a form writes ``{{ form.name.as_field_group }}`` or,
with options, ``{% field form.name … %}`` from the ``portal`` template library.
"""

import datetime
import re
import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt, pretty_name
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

MISSING: tuple[tuple[type[forms.Field], "_StrPromise"], ...] = (
    (forms.ChoiceField, _("Answer “{label}”.")),
    (forms.BooleanField, _("Tick “{label}”.")),
    (forms.FileField, _("Choose a file for “{label}”.")),
)


class PortalRenderer(TemplatesSetting):
    """Renders forms through the project's own template engine, so that our templates come first.

    Only the form and the field have templates of ours; a widget's own template is Django's, because
    the admin site draws its widgets through the same renderer.
    """

    form_template_name = "django/forms/portal_form.html"
    formset_template_name = "django/forms/formsets/portal_formset.html"
    field_template_name = "django/forms/portal_field.html"


def missing(field: forms.Field, name: str) -> "_StrPromise":
    """Return what to say when ``field`` is empty: it names the question, since the summary lists them all."""
    text = next((words for kind, words in MISSING if isinstance(field, kind)), _("Fill in “{label}”."))
    return format_lazy(text, label=field.label or pretty_name(name))


def _usual_words(field: forms.Field) -> Any:
    """Return what a field of this kind says when it is empty, unless the form gave words of its own."""
    kinds = (vars(kind).get("default_error_messages", {}) for kind in type(field).__mro__)
    return next((words["required"] for words in kinds if "required" in words), None)


class PortalFormMixin:
    """No colon after labels, and no checks by the browser: our own messages say what is wrong."""

    use_required_attribute = False
    fields: dict[str, forms.Field]
    # The size of a question's label: "m" (bold, a step up), "s" (bold) or "" (plain).
    label_size = "m"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.error_messages.get("required") is _usual_words(field):
                field.error_messages["required"] = missing(field, name)


class PortalForm(PortalFormMixin, forms.Form):
    """A form of the portal."""


class PortalModelForm(PortalFormMixin, forms.ModelForm):
    """A form of the portal that fills a model instance; services still do the writing."""


class ChoiceRows(forms.RadioSelect):
    """One choice of few; each row is a target of its own and may carry a hint.

    ``hints`` maps a choice's value to a line under its label.
    """

    row = False

    def __init__(
        self, attrs: dict[str, Any] | None = None, choices: Any = (), hints: Mapping[Any, Any] | None = None
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = {str(value): text for value, text in (hints or {}).items()}


class ScaleSelect(ChoiceRows):
    """A scale's steps or a short yes/no, side by side on a wide screen."""

    row = True


OPTION = '<option value="{}"{}>{}</option>'
CHOSEN, NOT_CHOSEN = format_html("{}", " selected"), format_html("{}", "")


class LongSelect(forms.Select):
    """A drop-down without groups, written in one go: Django takes a look at a template for each choice."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        choices = tuple(("" if one is None else str(one), str(label)) for one, label in self.choices)
        own = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html(
            '<select name="{}"{}>\n{}\n</select>', name, own, _options(choices, *self.format_value(value))
        )


@lru_cache(maxsize=500)
def _options(choices: tuple[tuple[str, str], ...], *chosen: str) -> SafeString:
    """Return the choices as options; a filter of a list offers the same ones again and again."""
    lines = ((one, CHOSEN if one in chosen else NOT_CHOSEN, label) for one, label in choices)
    return format_html_join("\n", OPTION, lines)


class DateInput(forms.MultiWidget):
    """Day, month and year in three boxes (GOV.UK's date input).

    Takes one ISO date under the field's own name as well: links, saved filters and the API write it so.
    """

    field_kind = "date"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        box = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            {
                "day": forms.TextInput({**box, "maxlength": 10}),
                "month": forms.TextInput({**box, "maxlength": 10}),
                "year": forms.TextInput({**box, "maxlength": 10}),
            },
            attrs,
        )

    def id_for_label(self, id_: str) -> str:
        """The first box: where the error summary's link leads."""
        return f"{id_}_day" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        labels = (_("Day"), _("Month"), _("Year"))
        for part, subwidget, label in zip(
            ("day", "month", "year"), context["widget"]["subwidgets"], labels, strict=True
        ):
            subwidget["label"] = label
            subwidget["attrs"]["id"] = f"{context['widget']['attrs'].get('id', name)}_{part}"
        return context

    def decompress(self, value: Any) -> list[str]:
        if isinstance(value, datetime.date):
            return [str(value.day), str(value.month), str(value.year)]
        if isinstance(value, str) and ISO_DATE.fullmatch(value.strip()):
            year, month, day = value.strip().split("-")
            return [day.lstrip("0"), month.lstrip("0"), year]
        return ["", "", ""]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        parts = [(part or "").strip() for part in super().value_from_datadict(data, files, name)]
        # Somebody who pastes a whole date into one box means that date.
        whole = next((part for part in parts if ISO_DATE.fullmatch(part)), None)
        if whole or not any(parts):
            return self.decompress(whole or data.get(name) or "")
        return parts

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and super().value_omitted_from_data(data, files, name)


class DateField(forms.DateField):
    """A date typed as day, month and year; cleans to ``datetime.date`` or None.

    Says which part is missing, and tells "not a date" from "not filled in".
    """

    widget = DateInput
    default_error_messages = {
        "required": _("Enter a date."),
        "invalid": _("Enter a real date, for example 16 11 2026."),
        "missing_day": _("The date must have a day."),
        "missing_month": _("The date must have a month."),
        "missing_year": _("The date must have a year with four digits."),
    }

    def to_python(self, value: Any) -> datetime.date | None:
        if not isinstance(value, list | tuple):
            return super().to_python(value)
        parts = [str(part or "").strip() for part in value]
        if not any(parts):
            return None
        for part, name in zip(parts, ("day", "month", "year"), strict=True):
            if not part:
                raise ValidationError(self.error_messages[f"missing_{name}"], code=f"missing_{name}")
        day, month, year = parts
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if len(year) != 4:
            raise ValidationError(self.error_messages["missing_year"], code="missing_year")
        try:
            return datetime.date(int(year), int(month), int(day))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class TimeField(forms.TimeField):
    """A time of day as it is written here: 14.30, 14:30 or 1430."""

    default_error_messages = {
        "required": _("Enter a time."),
        "invalid": _("Enter a time, for example 14.30."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%H.%M", "%H:%M", "%H%M"])
        kwargs.setdefault("widget", forms.TimeInput({"autocomplete": "off"}, format="%H.%M"))
        super().__init__(**kwargs)


class KronorField(forms.Field):
    """An amount typed in kronor; cleans to öre (int), or None when left empty.

    Takes spaces between thousands, a comma before öre, and "kr" at the end.
    """

    widget = forms.TextInput
    default_error_messages = {
        "required": _("Enter an amount in kronor."),
        "invalid": _("Enter an amount in kronor, for example 12 500."),
    }
    _amount = re.compile(r"(\d{1,12})(?:[.,](\d{1,2}))?")

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            kronor, ore = divmod(value, 100)
            grouped = f"{kronor:,}".replace(",", " ")
            return f"{grouped},{ore:02d}" if ore else grouped
        return value

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or isinstance(value, int):
            return value or (0 if value == 0 else None)
        text = re.sub(r"\s|kr$", "", str(value).strip().lower())
        if not (match := self._amount.fullmatch(text)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class SubmissionKeyField(forms.UUIDField):
    """A hidden UUID, new for each form that is shown and kept when it is shown again with errors.

    The service stores it under a unique constraint, so that sending twice gives the same receipt. A form
    that comes without a readable key gets a new one: nothing is refused for want of it.
    """

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("initial", uuid.uuid4)
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> uuid.UUID:
        try:
            return super().clean(value) or uuid.uuid4()
        except ValidationError:
            return uuid.uuid4()
