"""A provider's answer means one active person of its own municipality, or nobody."""

import pytest

from organisation.login import matching
from organisation.login.matching import person_meant
from organisation.login.refusals import UnclearClaim, UnknownPerson
from organisation.models import User
from tests.factories.login import BY_EMAIL, make_oidc_provider, make_saml_provider
from tests.factories.organisation import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_id(town):
    return make_oidc_provider(town.municipality)


@pytest.fixture
def by_email(town):
    return make_oidc_provider(town.municipality, claim="email", matched_by=BY_EMAIL)


class TestByPersonnelId:
    def test_the_person_with_that_id_is_meant(self, by_id, anna):
        assert person_meant(by_id, {"employee_number": "1001"}) == anna

    def test_spaces_around_it_say_nothing(self, by_id, anna):
        assert person_meant(by_id, {"employee_number": " 1001 "}) == anna

    def test_two_people_of_the_same_name_are_told_apart(self, town, by_id, anna):
        other = make_user(town.municipality, anna.name, external_id="1002")
        assert person_meant(by_id, {"employee_number": "1002", "name": anna.name}) == other

    def test_a_name_alone_means_nobody(self, by_id, anna):
        with pytest.raises(UnclearClaim):
            person_meant(by_id, {"name": anna.name, "email": anna.email})

    def test_nobody_is_added(self, by_id, anna):
        before = User.objects.count()
        with pytest.raises(UnknownPerson):
            person_meant(by_id, {"employee_number": "9999", "email": anna.email})
        assert User.objects.count() == before

    def test_who_has_left_is_not_meant(self, by_id, anna):
        User.objects.filter(pk=anna.pk).update(is_active=False)
        with pytest.raises(UnknownPerson):
            person_meant(by_id, {"employee_number": "1001"})

    def test_a_person_without_an_id_is_never_meant_by_an_empty_one(self, town, by_id):
        make_user(town.municipality, external_id="")
        with pytest.raises(UnclearClaim):
            person_meant(by_id, {"employee_number": ""})


@pytest.mark.parametrize(
    "value",
    [None, "", "   ", [], ["1001"], ["1001", "1002"], {"value": "1001"}, 1001, True, "1" * 300],
    ids=["none", "empty", "blank", "no values", "a list of one", "two", "object", "number", "truth", "endless"],
)
def test_a_claim_that_is_not_one_text_means_nobody(by_id, anna, value):
    with pytest.raises(UnclearClaim):
        person_meant(by_id, {"employee_number": value})


def test_a_missing_claim_means_nobody(by_id, anna):
    with pytest.raises(UnclearClaim):
        person_meant(by_id, {"sub": "1001"})


class TestSamlAttributes:
    def test_an_attribute_with_one_value_is_that_value(self, town, anna):
        provider = make_saml_provider(town.municipality)
        assert person_meant(provider, {"employee_number": ["1001"]}) == anna

    @pytest.mark.parametrize("value", [["1001", "1002"], [], [None], [""]])
    def test_any_other_number_of_values_means_nobody(self, town, anna, value):
        provider = make_saml_provider(town.municipality)
        with pytest.raises(UnclearClaim):
            person_meant(provider, {"employee_number": value})


class TestByEmail:
    def test_upper_and_lower_case_are_the_same_address(self, by_email, anna):
        assert person_meant(by_email, {"email": "Anna@Exempelby.Example.SE"}) == anna

    @pytest.mark.parametrize("verified", [False, "false"])
    def test_an_address_that_the_provider_doubts_means_nobody(self, by_email, anna, verified):
        with pytest.raises(UnclearClaim):
            person_meant(by_email, {"email": anna.email, "email_verified": verified})

    def test_one_that_it_says_nothing_of_is_taken(self, by_email, anna):
        assert person_meant(by_email, {"email": anna.email}) == anna


class TestAnotherMunicipality:
    def test_the_same_id_in_two_municipalities_is_two_people(self, neighbour, by_id, anna):
        theirs = make_user(neighbour.municipality, "Berit Granne", external_id="1001")
        their_provider = make_oidc_provider(neighbour.municipality)
        assert person_meant(by_id, {"employee_number": "1001"}) == anna
        assert person_meant(their_provider, {"employee_number": "1001"}) == theirs

    def test_a_provider_never_means_another_municipalitys_person(self, neighbour, anna):
        """Not by the id, and not by asserting the person's e-mail address."""
        for provider in (
            make_oidc_provider(neighbour.municipality, "id"),
            make_oidc_provider(neighbour.municipality, "e-mail", claim="email", matched_by=BY_EMAIL),
        ):
            with pytest.raises(UnknownPerson):
                person_meant(provider, {"employee_number": "1001", "email": anna.email, "email_verified": True})

    def test_nor_an_operator_who_belongs_to_none(self, town, by_email):
        operator = User.objects.create_superuser("drift@example.se", name="Drift Driftsson")
        with pytest.raises(UnknownPerson):
            person_meant(by_email, {"email": operator.email})

    def test_control_without_the_municipality_the_wrong_person_is_meant(self, neighbour, anna, monkeypatch):
        """With the condition taken away, the neighbour's provider lets its user in as Anna."""
        provider = make_oidc_provider(neighbour.municipality, claim="email", matched_by=BY_EMAIL)

        class Anywhere:
            class objects:  # noqa: N801
                @staticmethod
                def filter(*, municipality, **rest):
                    return User.objects.filter(**rest)

        monkeypatch.setattr(matching, "User", Anywhere)
        assert person_meant(provider, {"email": anna.email}) == anna
