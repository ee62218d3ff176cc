"""Imports the files of a folder and tells its own peak memory in MB: ``python -m bench.import_alone FOLDER``."""

import resource
import sys
from pathlib import Path

import django


def main(folder: str) -> None:
    """Import bodies and people as the operator does, and write the peak memory to standard output."""
    django.setup()
    from bench.importing import run_import
    from organisation.people_import import FileKind

    run_import({kind: (Path(folder) / f"{kind}.csv").read_bytes() for kind in (FileKind.BODIES, FileKind.PEOPLE)})
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
