"""The actionplans app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionplansConfig(AppConfig):
    name = "actionplans"
    verbose_name = _("Plans")

    def ready(self) -> None:
        from actionplans import permissions
        from organisation import navigation

        navigation.register(
            navigation.Entry(
                label=_("Plans"),
                url_name="actionplans:list",
                permission=permissions.VIEW_PLAN,
                order=40,
                prefix="/plans/",
            )
        )
