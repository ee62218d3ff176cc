"""Who answers."""

from django.urls import path

from organisation.views import who as views

urlpatterns = [path("who/", views.who, name="who")]
