"""Addresses of the governing documents."""

from django.urls import path

from policies import views

app_name = "policies"
urlpatterns = [
    path("", views.documents, name="list"),
    path("<uuid:public_id>/", views.document, name="document"),
]
