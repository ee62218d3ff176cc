"""A person's account, below /account/: only what the portal uses of the library, each page by name.

Signing up, adding addresses, log-in by mailed code and the tying of accounts have no address here.
"""

from allauth.account import views as local
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path

from organisation.views import account as own
from organisation.views import provided_login as provided

urlpatterns = [
    path("", own.account, name="my_account"),
    path("sessions/", own.sessions, name="my_sessions"),
    # Local accounts
    path("login/", local.login, name="account_login"),
    path("logout/", local.logout, name="account_logout"),
    path("inactive/", local.account_inactive, name="account_inactive"),
    path("confirm/", local.reauthenticate, name="account_reauthenticate"),
    path("password/change/", local.password_change, name="account_change_password"),
    path("password/set/", local.password_set, name="account_set_password"),
    path("password/reset/", local.password_reset, name="account_reset_password"),
    path("password/reset/done/", local.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        local.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", local.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    # The second factor
    path("second-factor/", mfa.index, name="mfa_index"),
    path("second-factor/give/", mfa.authenticate, name="mfa_authenticate"),
    path("second-factor/confirm/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/app/add/", app.activate_totp, name="mfa_activate_totp"),
    path("second-factor/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-factor/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("second-factor/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("second-factor/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("second-factor/passkeys/confirm/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("second-factor/passkeys/login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("second-factor/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("second-factor/passkeys/<int:pk>/name/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    # The municipality's provider. The names, and the library's word for a provider, are the library's.
    path("oidc/<uuid:provider_id>/login/", provided.oidc_begin, name="openid_connect_login"),
    path("oidc/<uuid:provider_id>/login/callback/", provided.oidc_finish, name="openid_connect_callback"),
    path("saml/<uuid:organization_slug>/login/", provided.saml_begin, name="saml_login"),
    path("saml/<uuid:organization_slug>/acs/", provided.saml_response, name="saml_acs"),
    path("saml/<uuid:organization_slug>/acs/finish/", provided.saml_finish, name="saml_finish_acs"),
    path("saml/<uuid:organization_slug>/metadata/", provided.saml_metadata, name="saml_metadata"),
]
