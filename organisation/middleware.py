"""Two small duties on every request: today's tree is today's, and nothing personal is cached."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from organisation import clock
from organisation.tree import rebuild_closure


class TreeOfTodayMiddleware:
    """Rebuilds the closure when a dated boundary of the tree has passed since it was written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        municipality = getattr(request.user, "municipality", None)
        if municipality and municipality.tree_valid_until and municipality.tree_valid_until <= clock.today():
            rebuild_closure(municipality)
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
