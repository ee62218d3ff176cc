"""``{% load portal %}``: the components of every page, one module for each kind.

The markup stands in ``templates/components/``; the gallery page shows each component in its states.
Structured arguments may be dicts, dataclasses or model objects: only the named attributes count.
"""

from organisation.templatetags.portal import account, answers, charts, fields, matrix, paper, pieces, qr, section, tree
from organisation.templatetags.portal.library import register

__all__ = ["account", "answers", "charts", "fields", "matrix", "paper", "pieces", "qr", "register", "section", "tree"]
