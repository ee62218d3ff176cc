"""The policies app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = _("Governing documents")

    def ready(self) -> None:
        from policies import permissions
        from organisation import navigation

        navigation.register(
            navigation.Entry(
                label=_("Governing documents"),
                url_name="policies:list",
                permission=permissions.VIEW_DOCUMENT,
                order=50,
                prefix="/documents/",
            )
        )
