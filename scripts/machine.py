"""What the machine and the checkout need before anything runs, brought once.

Each thing made is stamped with a hash of what it was made from (``.venv/stamps.json``), so that a
second run does nothing twice and a changed lock file is noticed.
"""

import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from scripts.servers import clamd_program, postgres_bin
from scripts.steps import ROOT, Stop, run, say, step

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps.json"
BUILD = ROOT / "static" / "build"
PYTHON_VERSION = (3, 11)
OLDEST_NODE = 18
TEST_PROVIDERS = ROOT / "tests" / "providers"


# --- Debian packages ----------------------------------------------------------------------


@dataclass(frozen=True)
class Need:
    """Debian packages, what they are for, and how to see that they are there."""

    packages: tuple[str, ...]
    why: str
    present: Callable[[], bool]


def has_program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def has_library(*names: str) -> Callable[[], bool]:
    def present() -> bool:
        try:
            for name in names:
                ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return present


def has_venv() -> bool:
    return PYTHON.exists() or importlib.util.find_spec("ensurepip") is not None


def has_driver_or(present: Callable[[], bool]) -> Callable[[], bool]:
    """The compiler and the headers are needed only until the PostgreSQL driver has been built."""
    return lambda: any(VENV.glob("lib/python3*/site-packages/psycopg2/_psycopg*.so")) or present()


def has_python_headers() -> bool:
    return (Path(sysconfig.get_path("include")) / "Python.h").exists()


def has_postgres() -> bool:
    try:
        return postgres_bin().exists()
    except Stop:
        return False


def has_scanner() -> bool:
    return clamd_program() is not None


RUN_NEEDS = (
    Need(("python3-venv",), "the virtual environment", has_venv),
    Need(("gcc", "libc6-dev"), "building the PostgreSQL driver", has_driver_or(has_program("gcc"))),
    Need(("libpq-dev",), "building the PostgreSQL driver", has_driver_or(has_program("pg_config"))),
    Need(("python3-dev",), "building the PostgreSQL driver", has_driver_or(has_python_headers)),
    Need(
        ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core"),
        "PDF files",
        has_library("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"),
    ),
    Need(("libmagic1",), "telling what an uploaded file is", has_library("libmagic.so.1")),
    Need(("nodejs",), "building the style sheets", has_program("node")),
    Need(("npm",), "building the style sheets", has_program("npm")),
)
CHECK_NEEDS = (*RUN_NEEDS, Need(("gettext",), "collecting the messages to translate", has_program("xgettext")))
TEST_NEEDS = (
    *CHECK_NEEDS,
    Need(("postgresql",), "tests on the real database", has_postgres),
    Need(("redis-server",), "tests on the real broker", has_program("redis-server")),
    Need(("chromium",), "tests in a real browser", has_program("chromium", "chromium-browser", "google-chrome")),
    Need(("clamav-daemon",), "tests on the real virus scanner", has_scanner),
)


def bring_packages(needs: Iterable[Need]) -> None:
    """Install what is missing as root; else stop and say the exact command."""
    missing = [need for need in needs if not need.present()]
    if not missing:
        return
    names = list(dict.fromkeys(name for need in missing for name in need.packages))
    reasons = "\n".join(f"  {' '.join(need.packages)}: {need.why}" for need in missing)
    command = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    if not shutil.which("apt-get"):
        raise Stop(f"This machine lacks (Debian's names):\n{reasons}\nInstall them and try again.")
    if os.geteuid() != 0:
        raise Stop(f"This machine lacks:\n{reasons}\nInstall them and try again:\n\n  sudo {' '.join(command)}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with step(f"Installing Debian packages: {' '.join(names)}"):
        run(["apt-get", "update", "-q"], env=environment)
        run(command, env=environment)


# --- Stamps -------------------------------------------------------------------------------


def hash_of(paths: Iterable[Path]) -> str:
    """One hash over the names and contents of all files in ``paths`` (folders are walked)."""
    digest = hashlib.sha256()
    for path in sorted(file for given in paths for file in files_of(given)):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def files_of(path: Path) -> Iterable[Path]:
    return (file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]


def read_stamps() -> dict[str, str]:
    try:
        stamps: dict[str, str] = json.loads(STAMPS.read_text())
        return stamps
    except (OSError, ValueError):
        return {}


def stamp(name: str, value: str) -> None:
    fresh = STAMPS.with_suffix(".new")
    fresh.write_text(json.dumps(read_stamps() | {name: value}, indent=2))
    fresh.replace(STAMPS)


def once(name: str, title: str, value: str, made: bool, work: Callable[[], None]) -> None:
    """Do ``work`` unless its result is there (``made``) and was made from the same ``value``."""
    if made and read_stamps().get(name) == value:
        return
    with step(title):
        work()
    stamp(name, value)


# --- The virtual environment --------------------------------------------------------------


def bring_python(lock: str) -> None:
    """Make ``.venv`` and install ``lock`` (a requirements file with hashes) into it."""
    if sys.version_info[:2] != PYTHON_VERSION:
        wanted = ".".join(map(str, PYTHON_VERSION))
        raise Stop(f"Python {wanted} is needed, this is {sys.version.split()[0]}: make PYTHON=python{wanted} …")
    if subprocess.run([PYTHON, "-c", ""], capture_output=True).returncode if PYTHON.exists() else True:
        with step("Making the virtual environment"):
            shutil.rmtree(VENV, ignore_errors=True)
            run([getattr(sys, "_base_executable", sys.executable), "-m", "venv", VENV])
    value = hash_of([ROOT / lock])
    everything = read_stamps().get("requirements-dev.txt") == hash_of([ROOT / "requirements-dev.txt"])
    if lock == "requirements.txt" and everything:
        return
    once(lock, "Installing the Python packages", value, True, lambda: install(ROOT / lock))


def install(lock: Path) -> None:
    """By uv, which takes a fifth of pip's time; by pip where uv can't reach its registry."""
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as only_uv:
            only_uv.write(locked("uv"))
            only_uv.flush()
            run([PYTHON, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", only_uv.name])
    try:
        run([uv, "pip", "install", "-q", "--python", PYTHON, "--require-hashes", "-r", lock])
    except Stop as failure:
        say(f"{failure}\n  trying pip instead")
        run([PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock])


def locked(package: str) -> str:
    """The lines of ``requirements-dev.txt`` that pin ``package``, with its hashes."""
    lines = iter((ROOT / "requirements-dev.txt").read_text().splitlines())
    found: list[str] = []
    for line in lines:
        if found and not line.startswith("    --hash"):
            break
        if found or line.startswith(f"{package}=="):
            found.append(line)
    return "\n".join(found).rstrip(" \\") + "\n"


# --- Front end, test providers, messages --------------------------------------------------


QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def bring_front_end() -> None:
    """``npm ci`` and ``npm run build``, each only when its inputs changed."""
    modules = ROOT / "node_modules"
    lock = hash_of([ROOT / "package-lock.json"])
    # Building needs Node; having the result does not.
    sources = hash_of([ROOT / "package.json", ROOT / "package-lock.json", *static_sources()])
    if BUILD.exists() and read_stamps().get("build") == sources:
        return
    refuse_old_node()
    once("npm", "Installing the front end's packages", lock, modules.exists(), lambda: _npm("ci", *QUIET))
    once("build", "Building the style sheets and scripts", sources, BUILD.exists(), lambda: _npm("run", "build"))


def bring_test_providers() -> None:
    """The identity providers that the tests run; nothing of them is in the portal."""
    refuse_old_node()
    lock = hash_of([TEST_PROVIDERS / "package-lock.json"])
    made = (TEST_PROVIDERS / "node_modules").exists()
    title = "Installing the identity providers of the tests"
    once("test-providers", title, lock, made, lambda: _npm("ci", *QUIET, cwd=TEST_PROVIDERS))


def refuse_old_node() -> None:
    if node_version() < OLDEST_NODE:
        raise Stop(f"Node {OLDEST_NODE} or newer is needed, `node --version` says {node_version()}.")


def static_sources() -> list[Path]:
    return [path for path in (ROOT / "static").iterdir() if path != BUILD]


def node_version() -> int:
    return int(run(["node", "--version"]).strip().lstrip("v").split(".")[0])


def _npm(*words: str, cwd: Path = ROOT) -> None:
    run(["npm", *words], cwd=cwd)


def bring_messages() -> None:
    """Compile the translations (.po to .mo), without gettext."""
    sources = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    made = all(source.with_suffix(".mo").exists() for source in sources)
    once("messages", "Compiling the translations", hash_of(sources), made, _compile_messages)


def _compile_messages() -> None:
    run([PYTHON, "-m", "scripts.compile_messages"])


def bring_checkout(lock: str, needs: Iterable[Need]) -> None:
    """Everything that the project's own programs need: packages, Python, front end, messages."""
    bring_packages(needs)
    bring_python(lock)
    bring_front_end()
    bring_messages()
