"""The start page."""

from django.urls import path

from organisation.views.home import home

urlpatterns = [path("", home, name="home")]
