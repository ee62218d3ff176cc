"""``manage.py login_provider``: set up, list, renew, close; what is wrong is said, and no secret is typed or shown."""

import io
from pathlib import Path
from typing import Any

import pytest
import requests
from django.core.management import CommandError, call_command
from django.urls import reverse

from organisation.login.oidc import SEALED_FOR
from organisation.login.sealing import unseal
from organisation.models import LoginProvider
from tests.factories.login import SECRET, make_oidc_provider, make_saml_provider
from tests.organisation.login.walking import by_saml, who_is_in
from tests.providers.keys import make_certificate

pytestmark = pytest.mark.django_db


def run(*words: Any) -> str:
    out = io.StringIO()
    call_command("login_provider", *words, stdout=out)
    return out.getvalue()


def oidc(town, issuer: str, *more: str) -> str:
    return run(
        "add-oidc",
        town.municipality.key,
        "--name=Exempelby kommun",
        "--claim=oid",
        "--matched-by=external_id",
        f"--issuer={issuer}",
        "--client-id=portal",
        *more,
    )


def saml(town, metadata: Any, *more: str) -> str:
    key = town.municipality.key
    return run(
        "add-saml", key, "--name=Exempelby kommun", "--claim=id", "--matched-by=email", f"--metadata={metadata}", *more
    )


class TestAddingOidc:
    def test_by_a_secret_from_the_environment(self, town, providers, monkeypatch):
        monkeypatch.setenv("EXEMPELBY_SECRET", SECRET)
        told = oidc(town, providers.issuer, "--secret-env=EXEMPELBY_SECRET", "--asks-second-factor")
        made = LoginProvider.objects.get()
        assert unseal(made.app.settings["sealed_secret"], SEALED_FOR) == SECRET
        assert made.asks_second_factor
        assert reverse("openid_connect_callback", args=[made.public_id]) in told
        assert SECRET not in told

    def test_or_from_a_file(self, town, providers, tmp_path: Path):
        (tmp_path / "secret").write_text(f"{SECRET}\n")
        oidc(town, providers.issuer, f"--secret-file={tmp_path / 'secret'}")
        assert unseal(LoginProvider.objects.get().app.settings["sealed_secret"], SEALED_FOR) == SECRET

    def test_an_issuer_that_is_not_what_it_says_is_refused(self, town, providers, monkeypatch):
        monkeypatch.setenv("S", SECRET)
        with pytest.raises(CommandError, match="another issuer"):
            oidc(town, providers.issuer.replace("127.0.0.1", "localhost"), "--secret-env=S")
        assert not LoginProvider.objects.exists()

    def test_one_that_does_not_answer_is_refused(self, town, monkeypatch):
        monkeypatch.setenv("S", SECRET)
        with pytest.raises(CommandError, match="ConnectionError"):
            oidc(town, "http://127.0.0.1:9", "--secret-env=S")

    def test_one_that_others_can_read_along_is_refused(self, town, monkeypatch):
        monkeypatch.setenv("S", SECRET)
        with pytest.raises(CommandError, match="https://"):
            oidc(town, "http://login.example.se", "--secret-env=S")

    def test_no_secret_is_said_so(self, town, providers, monkeypatch):
        monkeypatch.delenv("S", raising=False)
        with pytest.raises(CommandError, match="S is not set"):
            oidc(town, providers.issuer, "--secret-env=S")
        with pytest.raises(CommandError, match="secret-env"):
            oidc(town, providers.issuer)
        with pytest.raises(CommandError, match="can't be read"):
            oidc(town, providers.issuer, "--secret-file=/nowhere")

    def test_an_unknown_municipality_is_said_so_with_those_there_are(self, town, providers, monkeypatch):
        monkeypatch.setenv("S", SECRET)
        told = town.municipality.key
        town.municipality.key = "nowhere"
        with pytest.raises(CommandError, match=told):
            oidc(town, providers.issuer, "--secret-env=S")

    def test_the_same_name_twice_is_refused(self, town, providers, monkeypatch):
        monkeypatch.setenv("S", SECRET)
        oidc(town, providers.issuer, "--secret-env=S")
        with pytest.raises(CommandError):
            oidc(town, providers.issuer, "--secret-env=S")
        assert LoginProvider.objects.count() == 1

    def test_a_name_that_is_too_long_is_refused_whole(self, town, providers, monkeypatch):
        monkeypatch.setenv("S", SECRET)
        with pytest.raises(CommandError, match="name"):
            oidc(town, providers.issuer, "--secret-env=S", f"--name={'x' * 81}")
        assert not LoginProvider.objects.exists()


class TestAddingSaml:
    def test_by_an_address(self, client, town, providers, anna):
        told = saml(town, providers.saml_metadata)
        made = LoginProvider.objects.get()
        assert made.app.settings["entity_id"] == providers.saml_entity_id
        assert reverse("saml_acs", args=[made.public_id]) in told
        providers.know("anna", id=anna.email)
        by_saml(client, made, "anna")
        assert who_is_in(client) == anna.pk

    def test_by_a_file(self, town, providers, tmp_path: Path):
        (tmp_path / "idp.xml").write_bytes(requests.get(providers.saml_metadata, timeout=10).content)
        saml(town, tmp_path / "idp.xml")
        assert LoginProvider.objects.get().kind == LoginProvider.Kind.SAML

    @pytest.mark.parametrize("source", ["/nowhere.xml", "http://127.0.0.1:9/metadata", "http://idp.example.se/m"])
    def test_what_can_not_be_read_is_said_so(self, town, source):
        with pytest.raises(CommandError, match="can't be read|https://"):
            saml(town, source)

    def test_what_is_no_metadata_is_said_so(self, town, tmp_path: Path):
        (tmp_path / "idp.xml").write_text("<a/>")
        with pytest.raises(CommandError, match="can't be used"):
            saml(town, tmp_path / "idp.xml")


class TestKeeping:
    def test_the_list_shows_no_secret(self, town):
        made = make_oidc_provider(town.municipality)
        make_saml_provider(town.municipality)
        told = run("list")
        assert str(made.public_id) in told
        assert "employee_number = external_id" in told
        assert SECRET not in told
        assert "sealed" not in told
        assert told.count("open") == 2

    def test_closing_and_opening_are_in_the_history(self, town):
        made = make_oidc_provider(town.municipality)
        assert "closed" in run("disable", made.public_id)
        assert "closed" in run("list")
        run("enable", made.public_id)
        assert [kept.is_active for kept in made.history.all()] == [True, False, True]

    def test_a_new_secret_replaces_the_old(self, town, monkeypatch):
        made = make_oidc_provider(town.municipality)
        monkeypatch.setenv("NEW", "en ny")
        run("renew", made.public_id, "--secret-env=NEW")
        made.app.refresh_from_db()
        assert unseal(made.app.settings["sealed_secret"], SEALED_FOR) == "en ny"

    def test_new_metadata_replace_the_old_certificates(self, client, town, providers, add_saml, anna):
        made = add_saml(town.municipality)
        made.app.settings["certificates"] = [make_certificate()[1]]
        made.app.save()
        providers.know("anna", employee_number="1001")
        assert by_saml(client, made, "anna").status_code == 403
        run("renew", made.public_id, f"--metadata={providers.saml_metadata}")
        by_saml(client, made, "anna")
        assert who_is_in(client) == anna.pk

    def test_another_providers_metadata_are_refused(self, town, providers):
        made = make_saml_provider(town.municipality)
        with pytest.raises(CommandError):
            run("renew", made.public_id, f"--metadata={providers.saml_metadata}")

    def test_the_wrong_kind_of_news_is_refused(self, town, providers, add_saml, monkeypatch):
        monkeypatch.setenv("NEW", "en ny")
        by_saml, by_oidc = add_saml(town.municipality), make_oidc_provider(town.municipality)
        for key, news in ((by_saml, "--secret-env=NEW"), (by_oidc, f"--metadata={providers.saml_metadata}")):
            with pytest.raises(CommandError):
                run("renew", key.public_id, news)
        with pytest.raises(CommandError, match="Say what is new"):
            run("renew", by_oidc.public_id)

    @pytest.mark.parametrize("key", ["0190163d-8694-739b-aea5-966c26f8ad91", "nothing"])
    def test_an_unknown_key_is_said_so(self, key):
        with pytest.raises(CommandError, match="no provider"):
            run("disable", key)
