"""The one password of all invented people: chosen by the operator, or made once and kept readable by its owner only."""

import os
import secrets
from pathlib import Path

from django.conf import settings

from followup.demo.chance import texts


def kept_in() -> Path:
    """The file that holds the password."""
    return Path(settings.VAR_DIR) / "demo_password"


def demo_password() -> str:
    """The password: of the environment (``DEMO_PASSWORD``), else the one kept, else a new one."""
    path = kept_in()
    kept = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    password = os.environ.get("DEMO_PASSWORD", "") or kept or _new()
    if password != kept:
        _keep(path, password)
    return password


def _new() -> str:
    words = [secrets.choice(texts("names")["password"]) for _word in range(4)]
    return "-".join([*words, str(secrets.randbelow(9000) + 1000)])


def _keep(path: Path, password: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(password + "\n")
