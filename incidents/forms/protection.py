"""Whose data are collected."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organisation.models import Municipality, User
from safety_portal.forms import PortalForm, SubmissionKeyField


class PersonExportForm(PortalForm):
    """The person, by the e-mail that they log in with: never a search by name."""

    label_size = "s"
    email = forms.EmailField(
        label=_("E-mail of the person"),
        help_text=_("The one they log in with. Make sure that it is they who ask."),
        max_length=254,
        error_messages={"invalid": _("Write the e-mail address as name@municipality.se.")},
    )
    submission_key = SubmissionKeyField()
    about: User
    key: uuid.UUID

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: QuerySet[User] = User.objects.filter(municipality=municipality)

    def clean_email(self) -> str:
        typed = str(self.cleaned_data["email"]).strip()
        found = self.people.filter(email__iexact=typed).first()
        if found is None:
            raise forms.ValidationError(_("Nobody here has that e-mail address."))
        self.about = found
        return typed
