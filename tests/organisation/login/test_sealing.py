"""What must be read back lies sealed: the database alone opens nothing, and an earlier key still opens its own."""

import pytest

from organisation.login.sealing import BrokenSeal, seal, unseal

SECRET = "en hemlighet"


def test_what_is_sealed_can_be_read_back_and_is_not_to_be_seen():
    sealed = seal(SECRET, "one")
    assert SECRET not in sealed
    assert unseal(sealed, "one") == SECRET


def test_the_same_twice_looks_different():
    assert seal(SECRET, "one") != seal(SECRET, "one")


def test_for_another_purpose_it_does_not_open():
    with pytest.raises(BrokenSeal):
        unseal(seal(SECRET, "one"), "two")


def test_with_another_key_it_does_not_open(settings):
    sealed = seal(SECRET, "one")
    settings.SECRET_KEY = "another key"
    with pytest.raises(BrokenSeal):
        unseal(sealed, "one")


def test_an_earlier_key_opens_what_it_sealed_and_seals_nothing_new(settings):
    sealed = seal(SECRET, "one")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key"
    assert unseal(sealed, "one") == SECRET
    fresh = seal(SECRET, "one")
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(fresh, "one") == SECRET


@pytest.mark.parametrize("nonsense", ["", "x", "gAAAA"])
def test_nonsense_does_not_open(nonsense):
    with pytest.raises(BrokenSeal):
        unseal(nonsense, "one")
