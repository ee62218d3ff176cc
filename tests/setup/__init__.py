"""The programs behind ``make``."""
