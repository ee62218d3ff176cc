"""Kinds of seat."""

from django.urls import path

from organisation.views import seat_types as views

urlpatterns = [
    path("seat-types/", views.seat_types, name="seat_types"),
    path("seat-types/new/", views.seat_type_new, name="seat_type_new"),
    path("seat-types/<uuid:public_id>/", views.seat_type, name="seat_type"),
]
