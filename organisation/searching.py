"""Finding rows by words that a person types, the same way everywhere."""

from django.db.models import Q


def holding(words: str, *columns: str) -> Q:
    """Return the condition that each of ``words`` stands in one of ``columns``, whatever the case of its letters."""
    condition = Q()
    for word in words.split():
        somewhere = Q()
        for column in columns:
            for spelling in _spellings(word):
                somewhere |= Q(**{f"{column}__icontains": spelling})
        condition &= somewhere
    return condition


def _spellings(word: str) -> set[str]:
    """Return what to look for: SQLite knows no case beyond a–z, and "ängs" must find "Ängsgläntan" there too."""
    return {word} if word.isascii() else {word, word.lower(), word.capitalize(), word.upper()}
