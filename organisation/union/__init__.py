"""Safety representatives and what they ask for and stop (AML 6)."""
