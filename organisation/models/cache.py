"""What must be counted by all processes together, also while Redis is down."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CacheRow(models.Model):
    """One entry of the cache that attempts to log in are counted in (Django's ``DatabaseCache`` reads and writes it).

    A model, so that the table comes with the migrations. The names of the columns are Django's.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "portal_cache"
        verbose_name = _("entry of the cache")
        verbose_name_plural = _("entries of the cache")

    def __str__(self) -> str:
        return self.cache_key
