"""The lines of text in a box of the organisation chart: how wide words are, and where long ones are parted."""

import re

# Units that a letter of the middle sort takes at size 12, in the widest of the fonts that a reader may have.
LETTER = {"name": 8.4, "note": 7.4, "gap": 8.4}
NARROW, WIDE = frozenset("iljtf.,'()I|-"), frozenset("mwMWÄÅÖOGQ@%&")
# Between words, though not after a number: "2 units" stay together.
BREAK = re.compile(r"(?<!\d)\s+")
# Where long names of bodies may be parted: before the word that says what the body is.
SEAM = re.compile(r"(?<=[a-zåäö])(?=(?:förvaltning|nämnd|kontor|styrelse|avdelning|enhet|grupp|bolag|sektor)[a-zåäö]*)")


def wrapped(words: str, letters: float) -> list[str]:
    """Return ``words`` in lines of at most ``letters`` characters of the middle sort; longer words are parted."""
    lines: list[str] = []
    for word in filter(None, BREAK.split(words)):
        first, *rest = _parted(word, letters)
        if lines and breadth(f"{lines[-1]} {first}") <= letters:
            lines[-1] = f"{lines[-1]} {first}"
        else:
            lines.append(first)
        lines += rest
    return lines


def breadth(words: str) -> float:
    """Return how wide the words are, in letters of the middle sort."""
    return sum(0.55 if letter in NARROW else 1.4 if letter in WIDE else 1.0 for letter in words)


def _parted(word: str, letters: float) -> list[str]:
    if breadth(word) <= letters:
        return [word]
    pieces = SEAM.split(word)
    if len(pieces) > 1 and max(map(breadth, pieces)) < letters:
        return [f"{piece}-" for piece in pieces[:-1]] + pieces[-1:]
    fits = next(place for place in range(len(word) - 1, 0, -1) if breadth(word[:place]) <= letters - 1)
    return [f"{word[:fits]}-", *_parted(word[fits:], letters)]
