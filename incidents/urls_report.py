"""The short addresses on a unit's poster."""

urlpatterns: list = []
