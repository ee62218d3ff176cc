"""Read-only look at the organisation for the operator."""

from django.contrib import admin

from organisation.models import (
    Appointment,
    Body,
    Decision,
    Meeting,
    Municipality,
    Placement,
    Ruleset,
    Seat,
    SeatType,
    User,
)
from safety_portal.readonly_admin import ReadOnlyAdmin


@admin.register(Municipality)
class MunicipalityAdmin(ReadOnlyAdmin):
    """The tenants."""

    list_display = ("name", "code", "is_demo", "tree_valid_until")


@admin.register(Ruleset)
class RulesetAdmin(ReadOnlyAdmin):
    """Dated rules."""

    list_display = ("municipality", "valid_from", "valid_to", "persons_rank")
    list_filter = ("municipality",)


@admin.register(Body)
class BodyAdmin(ReadOnlyAdmin):
    """Bodies."""

    list_display = ("name", "kind", "municipality", "valid_from", "valid_to", "from_document")
    list_filter = ("municipality", "kind")
    search_fields = ("name", "key")


@admin.register(Placement)
class PlacementAdmin(ReadOnlyAdmin):
    """Where bodies stand."""

    list_display = ("body", "parent", "valid_from", "valid_to")
    list_filter = ("municipality",)
    list_select_related = ("body", "parent")


@admin.register(SeatType)
class SeatTypeAdmin(ReadOnlyAdmin):
    """Kinds of seat under local titles."""

    list_display = ("title", "kind", "municipality", "min_holders", "max_holders", "falls_back_to")
    list_filter = ("municipality", "kind")


@admin.register(Seat)
class SeatAdmin(ReadOnlyAdmin):
    """Seats at bodies."""

    list_display = ("seat_type", "body", "valid_from", "valid_to")
    list_filter = ("municipality",)
    list_select_related = ("seat_type", "body")


@admin.register(Appointment)
class AppointmentAdmin(ReadOnlyAdmin):
    """Who sits where."""

    list_display = ("person", "seat", "valid_from", "valid_to", "is_deputy")
    list_filter = ("municipality",)
    list_select_related = ("person", "seat__seat_type", "seat__body")


@admin.register(Meeting)
class MeetingAdmin(ReadOnlyAdmin):
    """Meetings."""

    list_display = ("body", "held_on", "minutes_approved_on")
    list_filter = ("municipality",)


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """Decisions as recorded."""

    list_display = ("meeting", "section", "registry_number", "outcome", "recorded_by")
    list_filter = ("municipality", "outcome")
    list_select_related = ("meeting__body", "recorded_by")


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """People, without their passwords."""

    list_display = ("name", "email", "municipality", "is_active", "is_staff")
    list_filter = ("municipality", "is_active")
    search_fields = ("name", "email")
    exclude = ("password", "groups", "user_permissions")
