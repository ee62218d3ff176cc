"""Reads a municipality file (docs/municipality-file.md): the whole configuration of one municipality.

Pure Python: `parse(path)` gives a checked `MunicipalityFile`, or raises `MunicipalityFileError` with everything
that is wrong. Nothing here knows any municipality, and nothing here touches the database.
"""

from organisation.municipality_file.errors import FileError, MunicipalityFileError, Problem
from organisation.municipality_file.nouns import MunicipalityFile
from organisation.municipality_file.parsing import parse

__all__ = ["FileError", "MunicipalityFile", "MunicipalityFileError", "Problem", "parse"]
