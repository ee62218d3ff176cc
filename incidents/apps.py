"""The incidents app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    name = "incidents"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from incidents import permissions
        from organisation import navigation

        navigation.register(
            navigation.Entry(
                label=_("Cases"),
                url_name="incidents:inbox",
                permission=permissions.VIEW_INCIDENT,
                order=20,
                prefix="/incidents/",
            )
        )
