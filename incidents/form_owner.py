"""Whose form it is: a signed mark in the page, so that late answers are kept for the same person alone."""

from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner

from organisation.models import User

# A page that has stood open longer than this is nobody's any more.
STANDS_OPEN = timedelta(days=7)
# In place of a mark: the form was shown to somebody without log-in, and is nobody's whoever logs in meanwhile.
UNNAMED = "-"
_signer = TimestampSigner(salt="incidents.form_owner")


def mark_for(person: User) -> str:
    """Return the mark that says the form was shown to ``person``."""
    return _signer.sign(str(person.public_id))


def owner_of(mark: str) -> User | None:
    """Return the active person whose mark this is; none when it is not ours or too old."""
    try:
        public_id = _signer.unsign(mark, max_age=STANDS_OPEN)
    except BadSignature:
        return None
    return User.objects.filter(public_id=public_id, is_active=True).first()
