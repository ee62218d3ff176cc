"""Addresses of the actionplans app."""

from django.urls import path

app_name = "actionplans"
urlpatterns: list = []
