"""The responsibility map."""

from django.urls import path

from organisation.views import map as views

urlpatterns = [
    path("", views.responsibility_map, name="map"),
]
