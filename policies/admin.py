"""Read-only look at documents and words for the operator."""

from django.contrib import admin

from policies.models import Area, Clause, Dimension, DocumentVersion, Goal, GoverningDocument, Law, ProtectedValue
from safety_portal.readonly_admin import ReadOnlyAdmin


@admin.register(Area, ProtectedValue, Dimension, Goal)
class WordAdmin(ReadOnlyAdmin):
    """The words that a municipality's documents define."""

    list_display = ("name", "municipality", "from_document", "valid_from", "valid_to")
    list_filter = ("municipality",)


@admin.register(Law)
class LawAdmin(ReadOnlyAdmin):
    """Laws as dated data."""

    list_display = ("number", "title", "municipality", "valid_from", "valid_to", "replaced_by")
    list_filter = ("municipality",)


@admin.register(GoverningDocument)
class GoverningDocumentAdmin(ReadOnlyAdmin):
    """Governing documents."""

    list_display = ("title", "kind", "municipality", "owner")
    list_filter = ("municipality", "kind")


@admin.register(DocumentVersion)
class DocumentVersionAdmin(ReadOnlyAdmin):
    """Versions with their decisions."""

    list_display = ("document", "label", "decided_by", "decided_on", "section", "registry_number")
    list_filter = ("municipality",)


@admin.register(Clause)
class ClauseAdmin(ReadOnlyAdmin):
    """Clauses in own words."""

    list_display = ("text", "kind", "version")
    list_filter = ("municipality", "kind")
