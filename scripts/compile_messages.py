"""Compile every .po under ``locale/`` to the .mo that Django reads; needs polib, not gettext."""

import polib

from scripts.steps import ROOT


def main() -> None:
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))


if __name__ == "__main__":
    main()
