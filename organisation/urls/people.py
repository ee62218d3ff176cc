"""People."""

from django.urls import path

from organisation.views import people as views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/new/", views.person_new, name="person_new"),
    path("people/<uuid:public_id>/", views.person, name="person"),
    path("people/<uuid:public_id>/edit/", views.person_edit, name="person_edit"),
    path("people/<uuid:public_id>/end/", views.person_end, name="person_end"),
    path("people/<uuid:public_id>/back/", views.person_back, name="person_back"),
    path("people/<uuid:public_id>/hand-over/", views.handover, name="handover"),
]
