"""Every address of the portal; each app keeps its own below its prefix."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.i18n import set_language

from safety_portal import errors, health

# One door to log in by, also for the operator: the same rate limits and password rules.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Secrets, and what people were logged in from, are not the operator's to read; sessions and providers have services.
PRIVATE = (Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession)
admin.site.unregister([model for model in PRIVATE if admin.site.is_registered(model)])
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
    path("account/", include("organisation.urls_account")),
    path("language/", set_language, name="set_language"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("operator/", admin.site.urls),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
