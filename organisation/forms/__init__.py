"""Forms of the organisation, one file per noun."""
