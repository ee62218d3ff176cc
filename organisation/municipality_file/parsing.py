"""From a path to a checked municipality file."""

from __future__ import annotations

from pathlib import Path

from organisation.municipality_file.checks import check_sections
from organisation.municipality_file.errors import MunicipalityFileError
from organisation.municipality_file.nouns import MunicipalityFile
from organisation.municipality_file.problems import Problems
from organisation.municipality_file.reader import Reader
from organisation.municipality_file.yaml_nodes import read_nodes


def parse(path: str | Path) -> MunicipalityFile:
    """Read and check a municipality file.

    Raises `MunicipalityFileError` with every error found: unreadable YAML is told alone, since nothing else can
    be known then. What is odd but allowed is in the result's `warnings`.
    """
    problems = Problems(Path(path).name)
    top = read_nodes(Path(path), problems)
    if top is None:
        raise MunicipalityFileError(problems.errors)
    values = Reader(top, problems).fields(MunicipalityFile, top, "")
    check_sections(values, problems)
    if problems.errors:
        raise MunicipalityFileError(problems.errors)
    return MunicipalityFile(**values, warnings=tuple(problems.warnings))
