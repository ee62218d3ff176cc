"""Addresses of the followup app."""

from django.urls import path

from followup import views

app_name = "followup"
urlpatterns = [
    path("", views.reports, name="reports"),
    path("<uuid:public_id>/", views.report, name="report"),
    path("<uuid:public_id>/summary/", views.summary, name="summary"),
    path("<uuid:public_id>/pdf/", views.pdf, name="pdf"),
    path("<uuid:public_id>/figures.json", views.figures_json, name="figures_json"),
    path("<uuid:public_id>/figures.csv", views.figures_csv, name="figures_csv"),
]
