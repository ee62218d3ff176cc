"""Seats, appointments and absences."""

from django.urls import path

from organisation.views import appointments, seats

urlpatterns = [
    path("seats/<uuid:public_id>/", seats.seat, name="seat"),
    path("seats/<uuid:public_id>/appoint/", seats.appoint, name="appoint"),
    path("seats/<uuid:public_id>/needed/", seats.needed, name="seat_needed"),
    path("appointments/<uuid:public_id>/end/", appointments.end, name="appointment_end"),
    path("appointments/<uuid:public_id>/absence/", appointments.absence, name="absence"),
    path("absences/<uuid:public_id>/end/", appointments.absence_end, name="absence_end"),
]
