"""Addresses of the organisation."""

app_name = "organisation"
urlpatterns: list = []
