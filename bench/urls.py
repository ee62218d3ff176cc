"""The portal's addresses and one more: the floor that every page is measured against."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from organisation.models import Body


@login_required
def floor(request: HttpRequest, pk: int) -> HttpResponse:
    """F: a bare logged-in view in the base template with one query by primary key."""
    return render(request, "base.html", {"body": Body.objects.get(pk=pk)})


urlpatterns = [path("bench/floor/<int:pk>/", floor), path("", include("safety_portal.urls"))]
