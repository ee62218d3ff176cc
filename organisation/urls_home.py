"""The start page and the pages that everyone may read."""

urlpatterns: list = []
