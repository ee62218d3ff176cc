"""Logging a risk, editing it, and closing or opening it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.models import User
from risks.forms.description import DescriptionFields
from risks.forms.judgement import JudgementFields
from risks.models import Risk
from risks.vocabulary import Words
from safety_portal.forms import PortalForm, SubmissionKeyField


class LogRiskForm(DescriptionFields, JudgementFields):
    """Everything about a new risk on one page."""

    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, user: User, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask(words)
        self.offer(user, words)
        # The order of the page, which the error summary follows.
        self.order_fields(
            ["title", "body", "area", "protected_value", "horizon", "likelihood", *words.consequence_fields, "serious"]
        )


class EditRiskForm(DescriptionFields):
    """What is said of a risk; ``version`` is the one that the person opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, words: Words, risk: Risk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(user, words, keep=risk)


class ReasonForm(PortalForm):
    """Why a risk is closed or opened again."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("The reason is kept and can be read by everyone who may see the risk."),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Say why, in a few words.")},
    )
