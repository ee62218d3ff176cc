"""Addresses of the incidents app."""

from django.urls import path

from incidents import views

app_name = "incidents"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("mine/", views.mine, name="mine"),
    path("<uuid:public_id>/", views.case, name="case"),
    path("<uuid:public_id>/serious/", views.serious, name="serious"),
    path("<uuid:public_id>/close/", views.close, name="close"),
    path("<uuid:public_id>/reopen/", views.reopen, name="reopen"),
    path("<uuid:public_id>/share/", views.share, name="share"),
    path("<uuid:public_id>/unshare/", views.unshare, name="unshare"),
]
