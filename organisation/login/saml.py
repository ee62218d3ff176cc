"""SAML 2.0: how the portal presents itself, and what is demanded of a provider's response.

Begun by the portal alone: the *signed* assertion must answer the request that this session sent, once. python3-saml
checks signature, times, issuer and receiver; what it would let pass is checked here.
"""

from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import Provider, ProviderAccount
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Saml
from onelogin.saml2.errors import OneLogin_Saml2_ValidationError
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from organisation.login.addresses import is_confidential
from organisation.login.refusals import NobodyLetIn, ProviderFault

# The name under which a claim may be the subject's own name instead of an attribute.
NAME_ID = "NameID"
LONGEST_UID = 191
CONFIRMATIONS = "/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData"


def read_metadata(xml: str | bytes, *, entity_id: str | None = None) -> dict[str, Any]:
    """Return what is kept of an identity provider's metadata: entity id, address of log-in, certificates.

    ``entity_id`` chooses among several. Raises ``ProviderFault`` when one of the three is missing.
    """
    try:
        found = OneLogin_Saml2_IdPMetadataParser.parse(xml, entity_id=entity_id).get("idp", {})
    except Exception as error:
        # The parser lets through whatever the XML library raises.
        raise ProviderFault("metadata can't be read") from error
    address = found.get("singleSignOnService", {}).get("url", "")
    certificates = found.get("x509certMulti", {}).get("signing") or [found.get("x509cert")]
    if not found.get("entityId") or not all(certificates) or not is_confidential(address):
        raise ProviderFault("metadata lacks entity id, certificate or address")
    return {"entity_id": found["entityId"], "sso_url": address, "certificates": certificates}


def settings_for(request: HttpRequest, provider: "MunicipalSAML") -> dict[str, Any]:
    """Return python3-saml's settings for one provider: strict, with nothing left to its defaults."""
    idp = provider.app.settings
    return {
        "strict": True,
        "sp": {
            "entityId": request.build_absolute_uri(provider.address("saml_metadata")),
            "assertionConsumerService": {
                "url": request.build_absolute_uri(provider.address("saml_acs")),
                "binding": Saml.BINDING_HTTP_POST,
            },
            "NameIDFormat": Saml.NAMEID_UNSPECIFIED,
        },
        "idp": {
            "entityId": idp["entity_id"],
            "singleSignOnService": {"url": idp["sso_url"], "binding": Saml.BINDING_HTTP_REDIRECT},
            "x509certMulti": {"signing": idp["certificates"]},
        },
        "security": {
            "wantAssertionsSigned": True,
            "rejectDeprecatedAlgorithm": True,
            "requestedAuthnContext": False,
            "wantNameId": False,
            # Without attributes the subject's own name may be the claim.
            "wantAttributeStatement": False,
            "allowRepeatAttributeName": True,
            # A server inside the municipality may have a name without a dot.
            "allowSingleLabelDomains": True,
            "signatureAlgorithm": Saml.RSA_SHA256,
            "digestAlgorithm": Saml.SHA256,
        },
    }


def checked_response(request: HttpRequest, provider: "MunicipalSAML", posted: QueryDict) -> OneLogin_Saml2_Response:
    """Return the response, when it is signed by the provider, for us, and now.

    Raises ``NobodyLetIn`` when the provider says that nobody logged in, else ``ProviderFault``.
    """
    settings = OneLogin_Saml2_Settings(settings_for(request, provider))
    asked_at = _request_data(request, provider, posted)
    try:
        response = OneLogin_Saml2_Response(settings, posted["SAMLResponse"])
        response.is_valid(asked_at, raise_exceptions=True)
    except OneLogin_Saml2_ValidationError as error:
        if error.code == OneLogin_Saml2_ValidationError.STATUS_CODE_IS_NOT_SUCCESS:
            raise NobodyLetIn from error
        # The code and not the message, which may quote the response.
        raise ProviderFault(f"SAML {error.code}") from error
    except Exception as error:
        # Whatever else the XML library makes of something that is no response.
        raise ProviderFault(type(error).__name__) from error
    if settings.get_sp_data()["entityId"] not in response.get_audiences():
        raise ProviderFault("no audience")
    return response


def request_answered(response: OneLogin_Saml2_Response) -> str:
    """Return the id of the request that the signed assertion answers; raises ``ProviderFault`` when it says none.

    The response's own InResponseTo stands outside the signature of the assertion and proves nothing alone.
    """
    # The library has no public word for this; it reads from the assertion whose signature it checked.
    said = {node.get("InResponseTo") for node in response._query_assertion(CONFIRMATIONS)}
    if said != {response.get_in_response_to()} or not (answered := said.pop()):
        raise ProviderFault("answers no request of ours")
    return answered


def _request_data(request: HttpRequest, provider: "MunicipalSAML", posted: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "https": "on" if request.is_secure() else "off",
        "http_host": request.get_host(),
        "script_name": "",
        "path_info": provider.address("saml_acs"),
        "get_data": {},
        "post_data": posted,
    }


class MunicipalSAML(Provider):
    """A municipality's provider that speaks SAML; one attribute of its assertion says who a person is."""

    id = "saml"
    name = "SAML"
    supports_redirect = True
    account_class = ProviderAccount

    def __init__(self, request: HttpRequest, app: SocialApp) -> None:
        super().__init__(request, app=app)
        self.name = app.name

    def address(self, url_name: str) -> str:
        """Return the path of one of the provider's own addresses here."""
        return reverse(url_name, args=[self.app.provider_id])

    def serialize(self) -> dict[str, Any]:
        """What a log-in that waits for its second factor keeps of the provider: the key alone."""
        return {"id": self.app.provider_id}

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Only where to go afterwards may be said in the address."""
        asked = super().get_redirect_from_request_kwargs(request)
        return {"process": AuthProcess.LOGIN, "next_url": asked.get("next_url")}

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Send the person to the provider, and remember in the session which request that was."""
        asking = OneLogin_Saml2_Auth(_request_data(request, self, {}), settings_for(request, self))
        address = asking.login(return_to="")
        self.stash_redirect_state(request, process, next_url, data, state_id=asking.get_last_request_id(), **kwargs)
        return HttpResponseRedirect(address)

    def extract_uid(self, data: OneLogin_Saml2_Response) -> str:
        return (data.get_nameid() or data.get_assertion_id())[:LONGEST_UID]

    def extract_extra_data(self, data: OneLogin_Saml2_Response) -> dict[str, Any]:
        """The attributes, each a list, and the subject's own name."""
        return data.get_attributes() | {NAME_ID: [data.get_nameid()]}


def own_metadata(request: HttpRequest, provider: MunicipalSAML) -> bytes:
    """Return the XML by which the portal presents itself to the provider."""
    settings = OneLogin_Saml2_Settings(settings_for(request, provider), sp_validation_only=True)
    xml: str | bytes = settings.get_sp_metadata()
    return xml if isinstance(xml, bytes) else xml.encode()
