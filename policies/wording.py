"""The portal's words for the closed lists of documents: kinds of document, of clause, how binding a clause is."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# In the order in which the kinds stand on a page: what governs most comes first.
DOCUMENT_KINDS: dict[str, Promise] = {
    "vision": _("vision"),
    "policy": _("policy"),
    "strategy": _("strategy"),
    "guideline": _("guideline"),
    "supplement": _("supplement to a guideline"),
    "programme": _("programme"),
    "plan": _("plan"),
    "rules": _("rules"),
    "instruction": _("instruction"),
    "standard": _("standard"),
    "published_page": _("web page without a decision"),
    "other": _("other document"),
}

CLAUSE_KINDS: dict[str, Promise] = {
    "goal": _("Goals"),
    "direction": _("Directions"),
    "definition": _("Definitions and scope"),
    "duty": _("Duties"),
    "activity": _("Activities"),
    "responsibility": _("Responsibilities"),
    "followup": _("Follow-up"),
}

# "Shall" is what a clause says unless it says something else, so it is not written out.
STRENGTHS: dict[str, Promise] = {"should": _("recommended"), "may": _("voluntary")}


# How often something recurs, by the rule of the municipality file; a rule that says no more is left out.
HOW_OFTEN: dict[str, Promise] = {
    "first_year_of_term": _("in the first year of every term"),
    "every_term": _("once in every term"),
    "every_n_years": _("every %(years)s years"),
    "by_date": _("by %(date)s"),
    "when_needed": _("when needed"),
}
