"""Collect the texts to translate (``make messages``), or check that Swedish is complete (``--check``).

The check extracts anew into a temporary copy, so that a text added in code or template fails until
its Swedish stands in ``locale/sv``. It fails on a text that is missing, untranslated, fuzzy, no longer
used, or whose Swedish lost one of its named variables.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Set as AbstractSet
from pathlib import Path

import polib

from scripts.steps import ROOT, Stop, program, say

LANGUAGE = "sv"
CATALOGUE = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"
# Texts stand in these; tests, tools and what others made are left out.
LEFT_OUT = (".venv", "node_modules", "var", "tests", "bench", "scripts", "static", "docs")
NAMED_VARIABLE = re.compile(r"%\(\w+\)|\{\w+\}")


def main(arguments: list[str]) -> None:
    if arguments == ["--check"]:
        check()
    else:
        (ROOT / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
        extract(ROOT)
        say(f"{CATALOGUE} is up to date; translate what is empty or fuzzy.")


def extract(root: Path) -> None:
    """Run Django's ``makemessages`` in ``root``, without line numbers, which change with every edit."""
    ignore = [word for name in LEFT_OUT for word in ("--ignore", name)]
    argv = ["makemessages", "--locale", LANGUAGE, "--add-location", "file", "--no-wrap", *ignore]
    done = subprocess.run(
        [sys.executable, "-m", "django", *argv], cwd=root, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise Stop(f"{done.stdout}{done.stderr}")


def check() -> None:
    catalogue = ROOT / CATALOGUE
    if not catalogue.exists():
        raise Stop(f"{CATALOGUE} is missing: make messages")
    with tempfile.TemporaryDirectory(prefix="portal-messages-") as folder:
        copy = Path(folder) / "project"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT, ".git", "*.pyc", "*.mo"))
        extract(copy)
        wanted = polib.pofile(str(copy / CATALOGUE))
    here = polib.pofile(str(catalogue))
    known = {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in here if not entry.obsolete}
    problems = [
        f"{problem}: {entry.msgid!r} ({', '.join(place for place, _ in entry.occurrences)})"
        for entry in wanted
        if (problem := problem_of(entry, known))
    ]
    if problems:
        raise Stop("\n".join([*problems, f"{len(problems)} texts to mend: make messages, then {CATALOGUE}"]))
    say(f"{len(known)} texts, all translated.")


def problem_of(entry: polib.POEntry, known: AbstractSet[tuple[str | None, str, str]]) -> str | None:
    """What is wrong with a text's translation, in a word; ``None`` when nothing is."""
    if entry.obsolete:
        return "no longer used"
    if (entry.msgctxt, entry.msgid, entry.msgid_plural) not in known:
        return "missing"
    if entry.fuzzy:
        return "fuzzy"
    if not entry.translated():
        return "untranslated"
    one, *more = entry.msgstr_plural.values() if entry.msgid_plural else ["", entry.msgstr]
    wanted = variables(entry.msgid_plural or entry.msgid)
    # "One risk" may leave out the number that "%(count)s risks" has.
    if any(variables(text) != wanted for text in more) or not variables(one) <= wanted:
        return "other variables in the translation"
    return None


def variables(text: str) -> set[str]:
    """The ``%(name)s`` and ``{name}`` in a text."""
    return set(NAMED_VARIABLE.findall(text))


if __name__ == "__main__":
    program(main)
