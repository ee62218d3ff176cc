"""The followup app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowupConfig(AppConfig):
    name = "followup"
    verbose_name = _("Follow-up")

    def ready(self) -> None:
        from followup import permissions
        from organisation import navigation

        navigation.register(
            navigation.Entry(
                label=_("Follow-up"),
                url_name="followup:reports",
                permission=permissions.VIEW_REPORT,
                order=70,
                prefix="/followup/",
            )
        )
