"""The organisation chart (R133): read, laid out in stacks and bands, drawn on a page and on paper."""
