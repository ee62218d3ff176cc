"""Private files: checked, cleaned and scanned before anybody reads them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttachmentsConfig(AppConfig):
    name = "attachments"
    verbose_name = _("Files")

    def ready(self) -> None:
        # The services register what the outbox carries out.
        from attachments import checks as checks
        from attachments import services as services
