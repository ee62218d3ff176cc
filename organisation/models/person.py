"""The person: one account, in one municipality, whose rights come from seats alone."""

from collections.abc import Sequence
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisation.models.base import new_public_id


class UserQuerySet(models.QuerySet["User"]):
    """Questions about many people."""

    def select_for_update(
        self, nowait: bool = False, skip_locked: bool = False, of: Sequence[str] = ("self",), no_key: bool = False
    ) -> Self:
        """Lock the people alone: the municipality that comes along may be none, and PostgreSQL locks no such row."""
        return super().select_for_update(nowait, skip_locked, of or ("self",), no_key)


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the municipality comes along, since every page names it."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db).select_related("municipality")

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person with the log-in ``email``; without a password nobody can log in."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an operator of the installation, who belongs to no municipality."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: employee, elected representative or outside group member."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    municipality = models.ForeignKey(
        "organisation.Municipality", null=True, blank=True, on_delete=models.PROTECT, related_name="people"
    )
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    # The municipality's own id of an employee, by which lists and log-in providers know the person.
    external_id = models.CharField(_("personnel id"), max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    left_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_staff = models.BooleanField(default=False, help_text=_("May open the operator's admin pages"))
    date_joined = models.DateTimeField(auto_now_add=True)
    objects = UserManager()
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "external_id"),
                condition=~models.Q(external_id=""),
                name="organisation_person_external_id_once",
            ),
            models.CheckConstraint(
                condition=models.Q(left_at__isnull=True) | models.Q(is_active=False),
                name="organisation_left_is_not_active",
            ),
        )
        indexes = (models.Index(fields=("municipality", "name", "id"), name="organisation_person_name"),)

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ", 1)[0]
