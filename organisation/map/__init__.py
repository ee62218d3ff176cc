"""The responsibility map: the tree of a day with every seat, its holder or the gap."""
