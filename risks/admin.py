"""The operator's view of scales, risks and judgements."""

from django.contrib import admin

from risks.models import Assessment, Risk, Scale
from safety_portal.readonly_admin import ReadOnlyAdmin


@admin.register(Scale)
class ScaleAdmin(ReadOnlyAdmin):
    """The scales and when they are in force."""

    list_display = ("name", "municipality", "use", "valid_from", "valid_to", "from_document")
    list_filter = ("municipality", "use")
    list_select_related = ("municipality",)


@admin.register(Risk)
class RiskAdmin(ReadOnlyAdmin):
    """Risks as they are listed."""

    list_display = ("label", "municipality", "body", "title", "band_before", "band_now", "state", "serious")
    list_filter = ("municipality", "state", "serious", "horizon", "year")
    list_select_related = ("municipality", "body")
    search_fields = ("title", "=number")
    date_hierarchy = "created_at"
    exclude = ("submission_key",)


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    """Judgements, newest first."""

    list_display = ("risk", "stage", "likelihood", "consequence", "band", "scale", "assessed_on", "by")
    list_filter = ("municipality", "stage")
    list_select_related = ("risk", "scale", "by")
    date_hierarchy = "assessed_on"
    exclude = ("submission_key",)
