"""Form fields, the error summary and the filter panel."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from organisation.templatetags.portal.library import register

# The first that fits: a list of check boxes is a RadioSelect to Django, a radio list a Select.
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
)
CONTROL_CLASS = {
    "text": "govuk-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
}


def kind_of(bound: BoundField) -> str:
    """Return which field template draws ``bound``: "text" when nothing special fits."""
    if bound.is_hidden:
        return "hidden"
    own = getattr(bound.field.widget, "field_kind", "")
    return own or next((kind for widget, kind in KINDS if isinstance(bound.field.widget, widget)), "text")


def first_control_id(bound: BoundField) -> str:
    """Return the id that an error's link leads to: of a group, its first control."""
    if kind_of(bound) in ("radios", "checkboxes"):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def _control(bound: BoundField, kind: str, width: str, rows: int | None) -> SafeString:
    """Render the widget with the classes of its kind and of its state."""
    base = CONTROL_CLASS[kind]
    classes = [bound.field.widget.attrs.get("class", ""), base]
    if width:
        classes.append(f"govuk-input--width-{width}")
    if bound.errors:
        classes.append(f"{base}--error")
    # Labels and hints say what to write; a placeholder that vanishes (allauth sets some) does not.
    attrs: dict[str, Any] = {"class": " ".join(filter(None, classes)), "placeholder": False}
    if kind == "textarea":
        attrs["rows"] = rows or bound.field.widget.attrs.get("rows", 5)
    return bound.as_widget(attrs=attrs)


def _choices(bound: BoundField) -> list[dict[str, Any]]:
    """Return the choices of a radio or check box group: id, name, value, label, chosen, hint."""
    hints = getattr(bound.field.widget, "hints", {})
    return [
        {
            "id": choice.data["attrs"].get("id", ""),
            "name": choice.data["name"],
            "value": str(choice.data["value"]),
            "label": choice.data["label"],
            "chosen": choice.data["selected"],
            "disabled": choice.data["attrs"].get("disabled", False),
            "hint": hints.get(str(choice.data["value"]), ""),
        }
        for choice in bound.subwidgets
    ]


@register.simple_tag
def field(
    bound: BoundField,
    *,
    heading: bool = False,
    hint: bool = True,
    size: str | None = None,
    row: bool | None = None,
    width: str = "",
    prefix: str = "",
    suffix: str = "",
    rows: int | None = None,
) -> SafeString:
    """Draw a form field with its label, hint and errors; the same as ``as_field_group`` with options.

    ``heading`` makes the label the page's h1, ``hint=False`` leaves the help text out, ``size`` is "m", "s"
    or "", ``row`` puts choices side by side, ``width`` is GOV.UK's (2, 3, 4, 5, 10, 20, 30), ``prefix`` and
    ``suffix`` stand at the input, ``rows`` is a text area's height.
    """
    kind = kind_of(bound)
    if kind == "hidden":
        return bound.as_widget()
    if not hint:
        bound.help_text = ""
    label_size = getattr(bound.form, "label_size", "m") if size is None else size
    context: dict[str, Any] = {
        "field": bound,
        "heading": heading,
        "size": "xl" if heading else label_size,
        "describedby": bound.aria_describedby or "",
        "prefix": prefix,
        "suffix": suffix,
    }
    if kind in CONTROL_CLASS:
        context["control"] = _control(bound, kind, width, rows)
    if kind in ("radios", "checkboxes"):
        context["choices"] = _choices(bound)
        context["row"] = getattr(bound.field.widget, "row", False) if row is None else row
    if kind == "checkbox":
        context["chosen"] = bool(bound.value())
    if kind == "date":
        context["boxes"] = bound.subwidgets[0].data["subwidgets"]
    template = "text" if kind in ("textarea", "select", "file") else kind
    return render_to_string(f"django/forms/field/{template}.html", context)


def _form_errors(form: forms.BaseForm) -> list[dict[str, Any]]:
    """Return the form's errors in the order of its fields: text and the id of the control."""
    found = [{"text": text, "target": ""} for text in form.non_field_errors()]
    for name in form.errors:
        if name in form.fields:
            bound = form[name]
            target = "" if bound.is_hidden else first_control_id(bound)
            found += [{"text": text, "target": target} for text in bound.errors]
    order = {first_control_id(bound): place for place, bound in enumerate(form)}
    return sorted(found, key=lambda error: order.get(error["target"], -1))


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms_or_formsets: Any) -> dict[str, Any]:
    """What is wrong in these forms, above the h1, each line a link to its field; nothing if all is well."""
    errors: list[dict[str, Any]] = []
    for one in forms_or_formsets:
        if isinstance(one, BaseFormSet):
            errors += [{"text": text, "target": ""} for text in one.non_form_errors()]
            for form in one.forms:
                errors += _form_errors(form)
        elif isinstance(one, forms.BaseForm) and one.is_bound:
            errors += _form_errors(one)
    return {"errors": errors}


@register.inclusion_tag("components/filter_panel.html")
def filter_panel(form: forms.BaseForm, *, clear_url: str = "", label: str = "") -> dict[str, Any]:
    """A GET form over a list: small labels, a button, and a link that clears it when something is chosen."""
    return {"form": form, "clear_url": clear_url, "label": label}
