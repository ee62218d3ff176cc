"""Imports of CSV files."""

from django.urls import path

from organisation.views import imports as views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/templates/<slug:kind>.csv", views.import_template, name="import_template"),
    path("imports/<uuid:public_id>/", views.import_run, name="import"),
    path("imports/<uuid:public_id>/errors.csv", views.import_errors, name="import_errors"),
]
