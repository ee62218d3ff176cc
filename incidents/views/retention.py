"""How long cases are kept: the rules with the decisions that they rest on, and a new one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incidents.disposal.page import rules_of, told_rule
from incidents.forms.retention import RuleForm
from incidents.permissions import PROPOSE_DISPOSAL
from incidents.services import retaining as services
from organisation.access import require
from organisation.errors import DomainError
from organisation.keyset import keyset_page, steps_around
from organisation.requests import PersonRequest, municipality_of

BY_KIND = ("kind", "valid_from", "pk")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: PersonRequest) -> HttpResponse:
    """The rules, ended ones too, and the form of a new one, which ends the one before it."""
    require(request.user, PROPOSE_DISPOSAL)
    municipality = municipality_of(request)
    form = RuleForm(request.POST or None, municipality=municipality)
    if request.method == "POST" and form.is_valid():
        answers = {name: value for name, value in form.cleaned_data.items() if name != "keep"}
        try:
            services.set_retention(municipality=municipality, by=request.user, **answers)
        except DomainError as error:
            form.add_error("valid_from", str(error))
        else:
            messages.success(request, _("The rule is recorded."))
            return redirect("incidents:retention")
    page = keyset_page(rules_of(municipality), order=BY_KIND, cursor=request.GET.get("page"))
    context = {"form": form, "rows": [told_rule(rule) for rule in page.rows]}
    status = 422 if form.errors else 200
    return render(request, "incidents/retention/rules.html", context | steps_around(request, page), status=status)
