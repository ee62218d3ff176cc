"""Small duties on every request: today's tree is today's, nothing personal is cached, no second factor is skipped."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import ResolverMatch, reverse
from django_htmx.http import HttpResponseClientRedirect

from organisation import clock
from organisation.login.second_factor import Lack, lack_of
from organisation.tree import rebuild_closure
from organisation.vacancies import take_in_the_day


class TodayMiddleware:
    """Makes what is derived from dated rows true today: the tree, names and vacancies, when a day has passed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        municipality, today = getattr(request.user, "municipality", None), clock.today()
        if municipality:
            if municipality.tree_valid_until and municipality.tree_valid_until <= today:
                rebuild_closure(municipality)
            if municipality.vacancies_on is None or municipality.vacancies_on < today:
                take_in_the_day(municipality)
        return self.get_response(request)


class NoStoreMiddleware:
    """Tells browsers and proxies to keep no page made for a logged-in person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return response


class SecondFactorMiddleware:
    """Leads whoever must log in with a second factor, and has not, to set one up or to give it, before other pages.

    Open without one: the second factor's own pages, logging out, the language, the pages that everyone may read, and
    reporting, since nobody who is upset shall be kept from that.
    """

    OPEN = frozenset(
        {
            "account_login",
            "account_logout",
            "account_reauthenticate",
            "set_language",
            "accessibility",
            "privacy",
            "whistleblowing",
            "help",
            "livez",
            "readyz",
        }
    )
    OPEN_PREFIXES = ("mfa_", "openid_connect_", "saml_")
    OPEN_NAMESPACES = frozenset({"report"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable, _arguments: Sequence, _named: Mapping
    ) -> HttpResponse | None:
        """Return where to go first, or nothing."""
        person = request.user
        if not person.is_authenticated or self._is_open(request.resolver_match):
            return None
        lack = lack_of(request, person)
        if lack is None:
            return None
        address = self._address(lack)
        if "HX-Request" in request.headers:
            return HttpResponseClientRedirect(address)
        if request.method in ("GET", "HEAD"):
            address = f"{address}?{urlencode({'next': request.get_full_path()})}"
        return HttpResponseRedirect(address)

    def _is_open(self, match: ResolverMatch | None) -> bool:
        if match is None:
            return False
        name = match.url_name or ""
        if match.namespaces:
            return match.namespaces[0] in self.OPEN_NAMESPACES
        return name in self.OPEN or name.startswith(self.OPEN_PREFIXES)

    def _address(self, lack: Lack) -> str:
        if not lack.has_one:
            return reverse("mfa_index")
        return reverse("mfa_reauthenticate" if lack.has_app else "mfa_reauthenticate_webauthn")


class FormErrorMiddleware:
    """A form that comes back with errors answers 422 also where a library's view shows it."""

    # Django's name of a view's form, and the log-in library's second one where it asks for code or passkey.
    FORMS = ("form", "webauthn_form")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """Set the status of a page that shows a form with errors."""
        forms = ((response.context_data or {}).get(name) for name in self.FORMS)
        wrong = any(getattr(form, "errors", None) for form in forms)
        if request.method == "POST" and response.status_code == HTTPStatus.OK and wrong:
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response
