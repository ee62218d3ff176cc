"""Filters that a person has saved."""

from django.urls import path

from organisation.views import saved_filters as views

urlpatterns = [
    path("filters/", views.filters, name="filters"),
    path("filters/new/", views.filter_new, name="filter_new"),
    path("filters/<uuid:public_id>/delete/", views.filter_delete, name="filter_delete"),
]
