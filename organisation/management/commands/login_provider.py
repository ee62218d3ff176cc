"""``manage.py login_provider``: the identity providers by which a municipality's people log in."""

import argparse
import os
from pathlib import Path
from typing import Any

import requests
from allauth.socialaccount.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from organisation.errors import DomainError
from organisation.login.addresses import is_confidential
from organisation.login.oidc import discover
from organisation.login.providers import login_address
from organisation.login.refusals import ProviderFault
from organisation.login.saml import read_metadata
from organisation.models import LoginProvider, Municipality
from organisation.services.login_providers import (
    Agreement,
    add_oidc_provider,
    add_saml_provider,
    renew_metadata,
    renew_secret,
    set_active,
)

NEVER_TYPED = "Never on the command line, where others on the machine can read it."


class Command(BaseCommand):
    """Sets up, lists, renews and closes providers; see docs/login.md for what to enter at their end."""

    help = "Set up, list, renew or close the identity providers of a municipality (docs/login.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        for kind in ("oidc", "saml"):
            adding = verbs.add_parser(f"add-{kind}", help=f"Set up a provider that speaks {kind.upper()}")
            adding.add_argument("municipality", help="Key of the municipality, as in its file")
            adding.add_argument("--name", required=True, help="As on the log-in page: 'Exempelby kommun'")
            adding.add_argument("--claim", required=True, help="The claim or attribute that says who a person is")
            adding.add_argument("--matched-by", required=True, choices=LoginProvider.MatchedBy.values)
            adding.add_argument(
                "--asks-second-factor", action="store_true", help="The provider itself asks for a second factor"
            )
            (self._of_oidc if kind == "oidc" else self._of_saml)(adding)
        verbs.add_parser("list", help="All providers, without secrets")
        for verb, words in (("disable", "Close log-in by"), ("enable", "Open log-in by")):
            verbs.add_parser(verb, help=f"{words} a provider").add_argument("key", help="As `list` prints it")
        renewing = verbs.add_parser("renew", help="Take in a new secret or new metadata of a provider")
        renewing.add_argument("key", help="As `list` prints it")
        self._secret(renewing, required=False)
        renewing.add_argument("--metadata", help="File or https address of the new metadata")

    def _of_oidc(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--issuer", required=True, help="Exactly as the provider says it in its discovery document")
        parser.add_argument("--client-id", required=True)
        self._secret(parser, required=True)

    def _of_saml(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--metadata", required=True, help="File or https address of the provider's metadata")
        parser.add_argument("--entity-id", help="Which one, if the metadata holds several")

    def _secret(self, parser: argparse.ArgumentParser, *, required: bool) -> None:
        given = parser.add_mutually_exclusive_group(required=required)
        given.add_argument("--secret-env", metavar="NAME", help=f"Variable that holds the secret. {NEVER_TYPED}")
        given.add_argument("--secret-file", metavar="PATH", help=f"File that holds the secret. {NEVER_TYPED}")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb'].replace('-', '_')}")(options)
        except ProviderFault as fault:
            raise CommandError(f"The provider can't be used: {fault.reason}.") from fault
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _add_oidc(self, options: dict[str, Any]) -> None:
        issuer = _confidential(options["issuer"])
        discover(issuer)
        provider = add_oidc_provider(
            municipality=_municipality(options["municipality"]),
            name=options["name"],
            agreed=_agreed(options),
            issuer=issuer,
            client_id=options["client_id"],
            secret=_secret_from(options),
        )
        self._say_what_to_enter(provider, f"Redirect address: {login_address(provider)}callback/")

    def _add_saml(self, options: dict[str, Any]) -> None:
        provider = add_saml_provider(
            municipality=_municipality(options["municipality"]),
            name=options["name"],
            agreed=_agreed(options),
            metadata=read_metadata(_content(options["metadata"]), entity_id=options["entity_id"]),
        )
        beside = login_address(provider).replace("/login/", "")
        self._say_what_to_enter(
            provider, f"Metadata and entity id: {beside}/metadata/", f"Assertion consumer service: {beside}/acs/"
        )

    def _say_what_to_enter(self, provider: LoginProvider, *addresses: str) -> None:
        self.stdout.write(f"{provider.public_id}  {provider.name} is set up. Enter at the provider, after the")
        self.stdout.write(f"portal's own address ({', '.join(settings.ALLOWED_HOSTS)}):")
        for address in addresses:
            self.stdout.write(f"  {address}")

    def _list(self, options: dict[str, Any]) -> None:
        for provider in LoginProvider.objects.select_related("municipality", "app"):
            asks = "asks for a second factor" if provider.asks_second_factor else "asks for no second factor"
            self.stdout.write(
                f"{provider.public_id}  {provider.municipality.key}  {provider.name}  {provider.get_kind_display()}  "
                f"{provider.claim} = {provider.matched_by}  {asks}  {'open' if provider.is_active else 'closed'}"
            )

    def _disable(self, options: dict[str, Any]) -> None:
        provider = set_active(provider=_provider(options["key"]), active=False)
        self.stdout.write(f"{provider.name} is closed.")

    def _enable(self, options: dict[str, Any]) -> None:
        provider = set_active(provider=_provider(options["key"]), active=True)
        self.stdout.write(f"{provider.name} is open.")

    def _renew(self, options: dict[str, Any]) -> None:
        provider = _provider(options["key"])
        if options["metadata"]:
            entity_id = provider.app.settings.get("entity_id")
            metadata = read_metadata(_content(options["metadata"]), entity_id=entity_id)
            renew_metadata(provider=provider, metadata=metadata)
        elif options["secret_env"] or options["secret_file"]:
            renew_secret(provider=provider, secret=_secret_from(options))
        else:
            raise CommandError("Say what is new: --secret-env, --secret-file or --metadata.")
        self.stdout.write(f"{provider.name} is renewed.")


def _municipality(key: str) -> Municipality:
    found = Municipality.objects.filter(key=key).first()
    if found is None:
        known = ", ".join(Municipality.objects.values_list("key", flat=True)) or "none is loaded"
        raise CommandError(f"There is no municipality {key!r}. Known: {known}.")
    return found


def _provider(key: str) -> LoginProvider:
    try:
        return LoginProvider.objects.select_related("app").get(public_id=key)
    except (LoginProvider.DoesNotExist, ValidationError) as error:
        raise CommandError(f"There is no provider {key!r}; `manage.py login_provider list` shows them.") from error


def _agreed(options: dict[str, Any]) -> Agreement:
    return Agreement(options["claim"], options["matched_by"], options["asks_second_factor"])


def _confidential(address: str) -> str:
    if not is_confidential(address):
        raise CommandError(f"{address} must begin with https:// (only this machine itself may be asked without).")
    return address


def _secret_from(options: dict[str, Any]) -> str:
    if name := options["secret_env"]:
        if not os.environ.get(name):
            raise CommandError(f"The variable {name} is not set.")
        return os.environ[name].strip()
    return _read(options["secret_file"]).decode().strip()


def _content(source: str) -> bytes:
    """The bytes of a file, or of an https address."""
    if "://" not in source:
        return _read(source)
    try:
        with get_adapter().get_requests_session() as session:
            answer = session.get(_confidential(source))
            answer.raise_for_status()
            _confidential(answer.url)
    except requests.RequestException as error:
        raise CommandError(f"{source} can't be read: {type(error).__name__}.") from error
    return bytes(answer.content)


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from error
