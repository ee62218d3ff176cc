"""The translation check sees a text that is missing, untranslated, fuzzy or has lost a variable."""

import polib
import pytest

from scripts.messages import problem_of


def entry(**values: object) -> polib.POEntry:
    return polib.POEntry(**({"msgid": "%(count)s risks", "msgstr": "%(count)s risker"} | values))


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        (entry(), None),
        (entry(msgstr=""), "untranslated"),
        (entry(flags=["fuzzy"]), "fuzzy"),
        (entry(obsolete=True), "no longer used"),
        (entry(msgid="New text", msgstr=""), "missing"),
        (entry(msgstr="risker"), "other variables in the translation"),
        (entry(msgstr="%(antal)s risker"), "other variables in the translation"),
        (entry(msgid="{count} risks", msgstr="{count} risker"), "missing"),
    ],
)
def test_what_is_wrong_is_named(found: polib.POEntry, problem: str | None) -> None:
    assert problem_of(found, {(None, "%(count)s risks", "")}) == problem


def test_both_forms_of_a_plural_are_needed() -> None:
    plural = polib.POEntry(msgid="One risk", msgid_plural="%(count)s risks", msgstr_plural={0: "En risk", 1: ""})
    assert problem_of(plural, {(None, "One risk", "%(count)s risks")}) == "untranslated"


def test_one_may_leave_out_the_number() -> None:
    plural = polib.POEntry(msgid="One risk", msgid_plural="%(count)s risks")
    known: set[tuple[str | None, str, str]] = {(None, "One risk", "%(count)s risks")}

    plural.msgstr_plural = {0: "En risk", 1: "%(count)s risker"}
    assert problem_of(plural, known) is None
    plural.msgstr_plural = {0: "En risk", 1: "risker"}
    assert problem_of(plural, known) == "other variables in the translation"
