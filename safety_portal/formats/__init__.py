"""Dates and times as they are written here, where Django's own formats differ (``FORMAT_MODULE_PATH``)."""
