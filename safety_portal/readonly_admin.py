"""The operator's admin looks and never changes: changes go through services, which keep the rules."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin


class ReadOnlyAdmin(SimpleHistoryAdmin):
    """Lists and shows rows; adds, changes and deletes nothing."""

    # An address without a scheme is one of https, as it will be to Django from version 6.
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
