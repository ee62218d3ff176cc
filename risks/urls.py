"""Addresses of the risks app."""

from django.urls import path

app_name = "risks"
urlpatterns: list = []
