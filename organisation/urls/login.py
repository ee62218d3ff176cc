"""Log-in, for the administrator."""

from django.urls import path

from organisation.views import login as views

urlpatterns = [
    path("login/", views.login, name="login"),
    path("people/<uuid:public_id>/second-factor/", views.reset_second_factor, name="second_factor_reset"),
]
