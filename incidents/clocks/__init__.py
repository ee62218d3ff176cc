"""What must be notified to an authority, and by when: dated rules over the answers of a case (docs/clocks.md)."""
