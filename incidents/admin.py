"""The operator's view of cases: what is listed and counted. Text, identities and readings are not registered."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from incidents.models import ClockRule, FundEntry, Incident, IncidentStatus
from safety_portal.readonly_admin import ReadOnlyAdmin


class StatusInline(admin.TabularInline):
    """A case's changes, without the words: they may hold a whole answer to the reporter."""

    model = IncidentStatus
    fields = readonly_fields = ("at", "change", "from_state", "to_state", "by")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Incident)
class IncidentAdmin(ReadOnlyAdmin):
    """Cases as they are counted."""

    list_display = ("label", "municipality", "body", "kind", "occurred_on", "state", "serious", "answer_by")
    list_filter = ("municipality", "state", "kind", "serious", "year")
    list_select_related = ("municipality", "body")
    search_fields = ("=number",)
    date_hierarchy = "occurred_on"
    exclude = ("submission_key",)
    inlines = (StatusInline,)


@admin.register(ClockRule)
class ClockRuleAdmin(ReadOnlyAdmin):
    """The rules by which authorities must be notified; changed by their file."""

    list_display = ("key", "municipality", "authority", "basis", "valid_from", "valid_to", "unconfirmed")
    list_filter = ("municipality", "authority")
    list_select_related = ("municipality",)


@admin.register(FundEntry)
class FundEntryAdmin(ReadOnlyAdmin):
    """Entries of the deductible funds."""

    list_display = ("on", "municipality", "kind", "amount_ore")
    list_filter = ("municipality", "kind")
    list_select_related = ("municipality",)
    date_hierarchy = "on"
    exclude = ("submission_key",)
