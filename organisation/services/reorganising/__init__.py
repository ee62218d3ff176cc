"""Reorganising, one verb each: every one a transaction under the municipality's lock, in effect from a given day."""

from organisation.services.reorganising.change import fingerprint
from organisation.services.reorganising.closing import close_body
from organisation.services.reorganising.creating import NewBody, create_body
from organisation.services.reorganising.errors import ChangeRefused, CountsChanged, DecisionMissing
from organisation.services.reorganising.merging import merge_bodies
from organisation.services.reorganising.moving import move_body
from organisation.services.reorganising.order import Order, carried_out
from organisation.services.reorganising.renaming import rename_body
from organisation.services.reorganising.splitting import split_body

__all__ = [
    "ChangeRefused",
    "CountsChanged",
    "DecisionMissing",
    "NewBody",
    "Order",
    "carried_out",
    "close_body",
    "create_body",
    "fingerprint",
    "merge_bodies",
    "move_body",
    "rename_body",
    "split_body",
]
