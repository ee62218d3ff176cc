"""Addresses of the organisation."""

from django.urls import path

from organisation import views

app_name = "organisation"
urlpatterns = [
    path("", views.responsibility_map, name="map"),
    path("vacancies/", views.responsibility_map, {"only_vacant": True}, name="vacancies"),
    path("bodies/<uuid:public_id>/", views.body, name="body"),
]
