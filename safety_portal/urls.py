"""Every address of the portal; each app keeps its own below its prefix."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.i18n import set_language

from safety_portal import errors, health

# One door to log in by, also for the operator: the same rate limits and password rules.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = _("The safety portal")

urlpatterns = [
    path("", include("organisation.urls_home")),
    path("", include("safety_portal.pages")),
    path("organisation/", include("organisation.urls")),
    path("documents/", include("policies.urls")),
    path("incidents/", include("incidents.urls")),
    path("r/", include("incidents.urls_report")),
    path("risks/", include("risks.urls")),
    path("plans/", include("actionplans.urls")),
    path("followup/", include("followup.urls")),
    path("account/", include("allauth.account.urls")),
    path("language/", set_language, name="set_language"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("operator/", admin.site.urls),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
