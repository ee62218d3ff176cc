"""Log-in by the municipality's own identity provider."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisation.models.base import TenantModel


class LoginProvider(TenantModel):
    """An identity provider that one municipality trusts to say who a person is.

    A person is found by ``claim`` within this municipality alone: never by name, and never in another
    municipality, whatever the provider says.
    """

    class Kind(models.TextChoices):
        """The protocol that the provider speaks."""

        OIDC = "oidc", "OpenID Connect"
        SAML = "saml", "SAML 2.0"

    class MatchedBy(models.TextChoices):
        """What of a person the claim is compared with."""

        EXTERNAL_ID = "external_id", _("personnel id")
        EMAIL = "email", _("e-mail")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=80)
    # The app's key in the address of log-in, and allauth's row with addresses, ids and secrets.
    app = models.OneToOneField("socialaccount.SocialApp", on_delete=models.PROTECT, related_name="login_provider")
    claim = models.CharField(max_length=200, help_text=_("Name of the claim or attribute that says who it is"))
    matched_by = models.CharField(max_length=20, choices=MatchedBy.choices, default=MatchedBy.EXTERNAL_ID)
    # The provider itself asks for a second factor, so that the portal need not.
    asks_second_factor = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("log-in provider")
        verbose_name_plural = _("log-in providers")
        ordering = ("municipality", "name")
        constraints = (models.UniqueConstraint(fields=("municipality", "name"), name="organisation_provider_once"),)

    def __str__(self) -> str:
        return self.name
