"""What is shared one by one."""

from django.urls import path

from organisation.views import sharing as views

urlpatterns = [path("shared/", views.shares, name="grants")]
