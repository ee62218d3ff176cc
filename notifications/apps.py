"""The notifications app: outbox, mail, heartbeat."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from notifications import mail  # noqa: F401 -- registers its handler
