"""The steps of every reorganisation: the form, what it would do, and the change itself."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organisation import clock
from organisation.errors import DomainError, NotAllowed
from organisation.form_keys import submission_key
from organisation.forms.reorganising import ChangeForm, SharesForm
from organisation.models import Reorganisation, ReorganisedBody
from organisation.pages.reorganising import done_in_words
from organisation.rehearsal import Preview, rehearse
from organisation.requests import PersonRequest
from organisation.services.reorganising import CountsChanged, Order, carried_out

FORM, CHECK, CONFIRM = "form", "check", "confirm"
# Of the flow itself, not of what is asked.
STEPS = ("step", "confirmed", "csrfmiddlewaretoken")


class Flow:
    """One change on its way: asked for, shown for a check, confirmed. Each step carries the answers of the others.

    ``heading`` names the task, ``verb`` is the service that carries it out.
    """

    def __init__(
        self, request: PersonRequest, form: ChangeForm, verb: Callable[..., Reorganisation], heading: str
    ) -> None:
        self.request, self.form, self.verb, self.heading = request, form, verb, heading
        self.shares: SharesForm | None = None
        self.step = request.POST.get("step", CHECK)

    def answer(self) -> HttpResponse:
        """Return the page of the step that the person is at, or lead on when the change is made."""
        if self.request.method != "POST" or self.step == FORM or not self.form.is_valid():
            return self.show_form()
        if not self._shares_are_told():
            return self.show_shares()
        if made := carried_out(self._order()):
            return self._lead_on(made, _("The change had been made already."))
        try:
            return self._carry_out() if self.step == CONFIRM else self.show_check(self._rehearse())
        except CountsChanged as error:
            return self.show_check(self._rehearse(), str(error))
        except NotAllowed:
            raise
        except DomainError as error:
            self._refuse(error)
            return self.show_form()

    def show_form(self) -> HttpResponse:
        """The questions."""
        failed = self.request.method == "POST" and bool(self.form.errors)
        return self._page("form", self._context(carried=[]), 422 if failed else 200)

    def show_shares(self) -> HttpResponse:
        """Which part gets what."""
        told = set(self.shares.fields) if self.shares else set()
        failed = self.shares is not None and self.shares.is_bound and bool(self.shares.errors)
        return self._page("shares", self._context(carried=self._carried(told)), 422 if failed else 200)

    def show_check(self, preview: Preview, changed: str = "") -> HttpResponse:
        """What the change would do, before it is made; ``changed`` says that it is no longer what was checked."""
        context = self._context(carried=self._carried(set())) | {
            "preview": preview,
            "changed": changed,
            "rows": self._rows(),
        }
        return self._page("check", context, 422 if changed else 200)

    def _carry_out(self) -> HttpResponse:
        made = self.verb(**self._change(), order=self._order(confirmed=self.request.POST.get("confirmed") or "-"))
        return self._lead_on(made, done_in_words(made, clock.today()))

    def _rehearse(self) -> Preview:
        return rehearse(self.verb, **self._change(), order=self._order())

    def _change(self) -> dict[str, Any]:
        return self.form.change() | (self.shares.change() if self.shares is not None else {})

    def _order(self, confirmed: str = "") -> Order:
        answers = self.request.POST.copy()
        for name in STEPS:
            answers.pop(name, None)
        key = submission_key(self.form.cleaned_data["submission_key"], answers)
        return self.form.order(by=self.request.user, submission_key=key, confirmed=confirmed)

    def _shares_are_told(self) -> bool:
        """Tell whether nothing more is to be asked; a flow of several questions overrides this."""
        return True

    def _refuse(self, error: DomainError) -> None:
        """Show a refusal at the answer that it is about, else at the form."""
        field = getattr(error, "field", "")
        self.form.add_error(field if field in self.form.fields else None, str(error))

    def _lead_on(self, made: Reorganisation, message: str) -> HttpResponse:
        messages.success(self.request, message)
        left = made.parts.filter(part=ReorganisedBody.Part.AFTER).select_related("body").order_by("pk")
        return redirect("organisation:body", left[0].body.public_id)

    def _rows(self) -> list[dict[str, Any]]:
        answers = self.form.cleaned_data
        return [
            {"key": _("Takes effect on"), "value": date_format(answers["on"], "j F Y")},
            {"key": _("Decision"), "value": answers["reference"]},
            {"key": _("Note"), "value": answers["note"]},
        ]

    def _carried(self, but: set[str]) -> list[tuple[str, str]]:
        """Return the answers sent so far, to be sent along as hidden fields."""
        left_out = {*STEPS, *but}
        return [(name, value) for name, values in self.request.POST.lists() if name not in left_out for value in values]

    def _context(self, carried: list[tuple[str, str]]) -> dict[str, Any]:
        return {
            "form": self.form,
            "shares": self.shares,
            "body": self.form.body,
            "heading": self.heading,
            "carried": carried,
        }

    def _page(self, name: str, context: dict[str, Any], status: int) -> HttpResponse:
        errors = any(bool(form.errors) for form in (self.form, self.shares) if isinstance(form, BaseForm))
        return render(
            self.request,
            f"organisation/reorganising/{name}.html",
            context | {"page_error": errors and status == 422},
            status=status,
        )
