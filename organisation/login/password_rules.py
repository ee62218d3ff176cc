"""The password rule of our own; length, common words and likeness to the person are Django's."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What whoever guesses tries first: the product's names, in both languages.
PRODUCT = ("trygghetsportalen", "safety portal")
# A word of a municipality's name that is shorter says nothing of it, and those say it of every one.
SHORTEST_WORD = 4
COMMON_WORDS = frozenset({"kommun", "kommuns", "stad", "stads", "region"})
# Letters that must be left when the names are taken away.
ENOUGH_LEFT = 8


class NotTheMunicipality:
    """Refuses a password that is little more than the name of the municipality or of the portal."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ``ValidationError`` when too little is left of ``password`` without those names and digits."""
        left = plain(password)
        for name in names(getattr(user, "municipality", None)):
            left = left.replace(name, "")
        if len(left) < ENOUGH_LEFT and left != plain(password):
            raise ValidationError(self.get_help_text(), code="password_is_a_name")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("Your password can't be mostly the name of your municipality or of the portal.")


def names(municipality: Any) -> list[str]:
    """The names to take away, longest first."""
    words = [plain(name) for name in PRODUCT]
    if municipality is not None:
        for name in (municipality.name, municipality.legal_name):
            words.append(plain(name))
            words += [plain(word) for word in name.split() if word.casefold() not in COMMON_WORDS]
    return sorted({word for word in words if len(word) >= SHORTEST_WORD}, key=len, reverse=True)


def plain(text: str) -> str:
    """The letters alone: digits and signs at the end are how a name is made to look like a password."""
    return re.sub(r"[\W\d_]", "", text.casefold())
