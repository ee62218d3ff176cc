"""Bodies."""

from django.urls import path

from organisation.views import bodies as views

urlpatterns = [path("bodies/<uuid:public_id>/", views.body, name="body")]
