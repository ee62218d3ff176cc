"""Loads municipality files into the database, again and again, without overwriting what people have changed.

An app that keeps a noun of the file registers a ``LoaderPart`` from its ``AppConfig.ready()``: the organisation
is below policies and risks and knows nothing of them. A part says which rows a file gives; comparing, writing
and reporting are the same for every noun.
"""

from organisation.loading.engine import load_files
from organisation.loading.parts import LoaderPart, Noun, Row, parts, register
from organisation.loading.plain import named_body, plain, title_of
from organisation.loading.reading import FilesError, read_files
from organisation.loading.reports import Kept, LoadError, Report

__all__ = [
    "FilesError",
    "Kept",
    "LoadError",
    "LoaderPart",
    "Noun",
    "Report",
    "Row",
    "load_files",
    "named_body",
    "parts",
    "plain",
    "read_files",
    "register",
    "title_of",
]
