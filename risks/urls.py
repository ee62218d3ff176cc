"""Addresses of the risks app."""

from django.urls import path

from risks import views

app_name = "risks"
urlpatterns = [
    path("", views.matrix, name="matrix"),
    path("list/", views.risk_list, name="list"),
    path("new/", views.new, name="new"),
    path("level/", views.level, name="level"),
    path("<uuid:public_id>/", views.risk, name="risk"),
    path("<uuid:public_id>/assess/", views.assess, name="assess"),
    path("<uuid:public_id>/edit/", views.edit, name="edit"),
    path("<uuid:public_id>/close/", views.close, name="close"),
    path("<uuid:public_id>/reopen/", views.reopen, name="reopen"),
]
