"""The operator's pages build their forms from the models, and need nothing that the next Django has dropped."""

import warnings

import pytest
from django.contrib import admin
from django.db import models
from django.test import RequestFactory
from django.utils.deprecation import RemovedInNextVersionWarning

from incidents.models import ClockRule
from organisation.models import Municipality
from safety_portal.readonly_admin import ReadOnlyAdmin
from tests.factories.organisation import make_user

ADDRESSES = [(ClockRule, "url"), (Municipality, "whistleblowing_url")]


@pytest.fixture
def request_of_operator(db):
    request = RequestFactory().get("/operator/")
    request.user = make_user(None, is_staff=True, is_superuser=True)
    return request


def test_no_form_warns_of_the_next_django(request_of_operator):
    for registered in admin.site._registry.values():
        with warnings.catch_warnings():
            warnings.simplefilter("error", RemovedInNextVersionWarning)
            registered.get_form(request_of_operator)


@pytest.mark.parametrize(("model", "name"), ADDRESSES)
def test_an_address_without_a_scheme_is_one_of_https(request_of_operator, model, name):
    form = admin.site._registry[model].get_form(request_of_operator)
    assert form.base_fields[name].clean("example.se") == "https://example.se"


@pytest.mark.parametrize(("model", "name"), ADDRESSES)
def test_control_without_the_override_django_warns(request_of_operator, model, name, monkeypatch):
    monkeypatch.setattr(ReadOnlyAdmin, "formfield_overrides", {})
    assert isinstance(model._meta.get_field(name), models.URLField)
    with pytest.warns(RemovedInNextVersionWarning):
        type(admin.site._registry[model])(model, admin.site).get_form(request_of_operator)
