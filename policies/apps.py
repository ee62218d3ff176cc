"""The policies app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = _("Governing documents")

    def ready(self) -> None:
        from organisation import loading, navigation
        from policies import permissions
        from policies.loading import PART

        navigation.register(
            navigation.Entry(
                label=_("Governing documents"),
                url_name="policies:list",
                permission=permissions.VIEW_DOCUMENT,
                order=50,
                prefix="/documents/",
            )
        )
        loading.register(PART)
