"""The operator's view of plans, versions, decisions and measures."""

from django.contrib import admin

from actionplans.models import Measure, Plan, PlanDecision, PlanVersion
from safety_portal.readonly_admin import ReadOnlyAdmin


@admin.register(Plan)
class PlanAdmin(ReadOnlyAdmin):
    """The plans of all bodies and years."""

    list_display = ("title", "municipality", "body", "year", "created_by", "created_at")
    list_filter = ("municipality", "year")
    list_select_related = ("municipality", "body", "created_by")
    search_fields = ("title", "body__name")


@admin.register(PlanVersion)
class PlanVersionAdmin(ReadOnlyAdmin):
    """Versions, where each stands and its fingerprint."""

    list_display = ("plan", "number", "state", "in_force_from", "in_force_to", "submitted_at", "content_hash")
    list_filter = ("municipality", "state")
    list_select_related = ("plan",)


@admin.register(PlanDecision)
class PlanDecisionAdmin(ReadOnlyAdmin):
    """What meetings decided about which content."""

    list_display = ("version", "decision", "is_final", "decided_hash")
    list_filter = ("municipality", "is_final", "decision__outcome")
    list_select_related = ("version__plan", "decision__meeting__body")
    exclude = ("submission_key",)


@admin.register(Measure)
class MeasureAdmin(ReadOnlyAdmin):
    """Measures of all versions."""

    list_display = ("what", "plan", "version", "responsible", "due_on", "type", "state", "done_on")
    list_filter = ("municipality", "state", "type", "area")
    list_select_related = ("plan", "version__plan", "responsible__seat_type", "responsible__body")
    search_fields = ("what",)
    date_hierarchy = "due_on"
    exclude = ("submission_key",)
