"""Import of bodies, people, seats and headcounts from CSV files (``docs/import.md``).

A run reads its files, compares them with what stands, and shows the whole plan; it is written all or not at all,
and only as it was shown. The same files again write nothing.
"""

from organisation.people_import.columns import COLUMNS, Column, FileKind
from organisation.people_import.plan import Plan
from organisation.people_import.planning import make_plan
from organisation.people_import.problems import Problem
from organisation.people_import.reading import LARGEST, LARGEST_MB
from organisation.people_import.writing import Writer

__all__ = ["COLUMNS", "LARGEST", "LARGEST_MB", "Column", "FileKind", "Plan", "Problem", "Writer", "make_plan"]
