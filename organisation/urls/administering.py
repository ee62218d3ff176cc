"""The administrator's hub."""

from django.urls import path

from organisation.views import administering as views

urlpatterns = [path("administer/", views.administer, name="administer")]
