"""A demo year: invented people, events, risks, plans and decisions for a municipality that has none of its own.

Everything is drawn from the municipality's own bodies, seats, areas, dimensions and scale, so that it fits any
municipality file; the same municipality and year always give the same demo. Rows are written in bulk, with
history, as the services would have left them.
"""

from followup.demo.seeding import DemoRefused, Seeded, seed_demo

__all__ = ["DemoRefused", "Seeded", "seed_demo"]
