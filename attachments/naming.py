"""What a file is called: the sender's own word for it, harmless wherever it is shown or saved."""

import re
import unicodedata

from django.utils.translation import gettext as _

from attachments.content import ENDINGS

LONGEST_STEM = 100
# Control characters, those that turn the direction of writing, private and unpaired ones, odd line ends.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_RESERVED = re.compile(r'[<>:"|?*/\\]')
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$")


def clean_name(given: str, media_type: str) -> str:
    """Return the name without path and unseen characters, with the ending of what the file really is."""
    word = re.split(r"[/\\]", unicodedata.normalize("NFC", given or ""))[-1]
    seen = "".join(letter for letter in word if unicodedata.category(letter) not in _UNSEEN)
    stem = _ENDING.sub("", _RESERVED.sub("_", seen)).strip(" .")[:LONGEST_STEM].strip(" .")
    return f"{stem or _('file')}.{ENDINGS[media_type]}"
