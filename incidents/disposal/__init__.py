"""Disposal (gallring): which cases have been kept long enough, what is held about a case, and how it is removed.

Apps that hold something about cases say so with ``register``; what they say is what disposal removes and logs.
"""

from incidents.disposal.held import Fate, Held, register

__all__ = ["Fate", "Held", "register"]
