"""Read-only look at the outbox for the operator."""

from django.contrib import admin

from notifications.models import Heartbeat, OutboxMessage
from safety_portal.readonly_admin import ReadOnlyAdmin


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """Topic, state and error of each message; never its payload, which may hold a mail's text."""

    list_display = ("id", "topic", "municipality", "created_at", "attempt", "failures", "error", "done_at", "parked_at")
    list_filter = ("topic", "municipality")
    exclude = ("payload",)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    """When each worker was last alive."""

    list_display = ("name", "seen_at")
