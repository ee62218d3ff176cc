"""The organisation app: municipality, bodies, people, seats, access."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationConfig(AppConfig):
    name = "organisation"
    verbose_name = _("Organisation")

    def ready(self) -> None:
        from organisation import loading, navigation, permissions
        from organisation.loading.organisation_nouns import PART

        navigation.register(
            navigation.Entry(
                label=_("My work"),
                url_name="home",
                permission=permissions.VIEW_BODY,
                order=10,
                prefix="/",
            )
        )
        navigation.register(
            navigation.Entry(
                label=_("Organisation"),
                url_name="organisation:map",
                permission=permissions.VIEW_BODY,
                order=60,
                prefix="/organisation/",
            )
        )
        loading.register(PART)
