"""Vacant seats."""

from django.urls import path

from organisation.views import vacancies as views

urlpatterns = [path("vacancies/", views.vacancies, name="vacancies")]
