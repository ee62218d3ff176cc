"""What `manage.py check --deploy` says about files."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from attachments.scanner import OFF
from attachments.uploads import MOST_KEPT

NO_SCANNER = Warning(
    "CLAMD is not set: uploaded files wait for ever and nobody can open them.",
    hint="Set the address of ClamAV's daemon, or CLAMD=off to open files unscanned; see .env.example.",
    id="attachments.W001",
)
SCANNER_OFF = Warning(
    "CLAMD=off: uploaded files are opened without having been scanned, and the pages say so.",
    id="attachments.W002",
)

TOO_LARGE = Error(
    f"LARGEST_FILE_MB is above what is kept of an upload: {MOST_KEPT // 1024**2}.",
    id="attachments.E001",
)


@register()
def check_limits(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a limit that the upload handler would undercut."""
    return [TOO_LARGE] if settings.LARGEST_FILE > MOST_KEPT else []


@register(deploy=True)
def check_scanner(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn where files are not scanned."""
    if settings.CLAMD == OFF:
        return [SCANNER_OFF]
    return [] if settings.CLAMD else [NO_SCANNER]
