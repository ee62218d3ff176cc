"""When somebody else has saved meanwhile: what they saved beside what was written here."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from incidents.models import Incident
from risks.forms import AssessForm, EditRiskForm
from risks.models import Assessment, Risk
from risks.story import TOLD_FIELDS, field_word


@dataclass(frozen=True)
class Difference:
    """One field with two values."""

    field: str
    theirs: str
    yours: str


def description_differences(form: EditRiskForm, risk: Risk) -> list[Difference]:
    """Return the fields in which the form differs from ``risk`` as it stands."""
    rows = []
    for name in TOLD_FIELDS:
        if name in form.fields and getattr(risk, name) != form.cleaned_data[name]:
            theirs = _shown(form, name, getattr(risk, name))
            rows.append(Difference(field_word(name), theirs, _shown(form, name, form.cleaned_data[name])))
    cited = _cases(Incident.objects.visible_to(form.user).filter(grounded_risks__risk=risk))
    written = _cases(form.cleaned_data["grounds"])
    if cited != written:
        rows.append(Difference(field_word("grounds"), cited, written))
    return rows


def judgement_differences(form: AssessForm, risk: Risk) -> list[Difference]:
    """Return the newest judgement of the same stage beside the one in the form, question by question."""
    newest = (
        risk.assessments.filter(stage=form.cleaned_data["stage"])
        .select_related("scale", "by")
        .prefetch_related("consequences")
        .order_by("-assessed_on", "-pk")
        .first()
    )
    rows = [(field_word("likelihood"), newest.likelihood_word if newest else "", _step(form, "likelihood"))]
    for name, (dimension, question) in form.words.consequence_fields.items():
        rows.append((str(question), _judged(newest, dimension), _step(form, name)))
    return [Difference(*row) for row in rows if row[1] != row[2]]


def with_version(form: forms.Form, version: int) -> None:
    """Let the form carry ``version``: sent again, it is saved over what stands now."""
    form.data = {**{name: form.data.get(name) for name in form.data}, "version": str(version)}


def _cases(incidents: Any) -> str:
    return ", ".join(sorted(incident.label for incident in incidents))


def _shown(form: forms.Form, name: str, value: Any) -> str:
    choices = getattr(form.fields[name], "choices", ())
    words = {} if isinstance(form.fields[name], forms.ModelChoiceField) else dict(choices)
    shown = words.get(value, value)
    return _("not stated") if shown in (None, "") else str(shown)


def _step(form: AssessForm, name: str) -> str:
    step = form.cleaned_data.get(name)
    scale = form.words.scale
    if not step or scale is None:
        return ""
    return str((scale.likelihood if name == "likelihood" else scale.consequence)[step - 1])


def _judged(assessment: Assessment | None, dimension: Any) -> str:
    """Return the word of one consequence in ``assessment``; "" where nothing was said."""
    if assessment is None:
        return ""
    if dimension is None:
        return assessment.consequence_word
    steps = {row.dimension_id: row.level for row in assessment.consequences.all()}
    return str(assessment.scale.consequence[steps[dimension.pk] - 1]) if dimension.pk in steps else ""
