"""An organisation begins with one command, and people get their roles by another."""

import pytest
from django.core.management import CommandError, call_command

from survey.models import InstrumentVersion, Membership, Organisation, User

pytestmark = pytest.mark.django_db


def roles_of(email: str) -> set[str]:
    return set(Membership.objects.filter(user__email=email).values_list("role", flat=True))


def test_founding_makes_organisation_manager_and_questionnaire(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("create_organisation", "Acme", manager="Anna@Acme.example")

    assert [o.name for o in Organisation.objects.all()] == ["Acme"]
    assert roles_of("anna@acme.example") == {"manager", "administrator"}
    assert InstrumentVersion.objects.count() == 2  # both that ship
    assert "http://localhost:8000/password/set/" in capsys.readouterr().out


def test_founding_the_same_organisation_again_changes_nothing() -> None:
    call_command("create_organisation", "Acme", manager="anna@acme.example")

    with pytest.raises(CommandError, match="expected a new name, found 'Acme' already there"):
        call_command("create_organisation", "Acme", manager="bert@acme.example")

    assert User.objects.count() == 1


def test_founding_with_a_wrong_address_leaves_nothing_behind() -> None:
    with pytest.raises(CommandError, match="expected an e-mail address, found 'anna'"):
        call_command("create_organisation", "Acme", manager="anna")

    assert not Organisation.objects.exists()


def test_a_member_added_twice_has_each_role_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_organisation", "Acme", manager="anna@acme.example")
    for _ in range(2):
        call_command("add_member", "cleo@acme.example", organisation="Acme", role=["analyst"])

    assert roles_of("cleo@acme.example") == {"analyst"}
    assert Membership.objects.filter(user__email="cleo@acme.example").count() == 1


def test_a_member_of_an_unknown_organisation_is_refused_by_name() -> None:
    call_command("create_organisation", "Acme", manager="anna@acme.example")

    with pytest.raises(CommandError, match="expected one of Acme; found 'Apex'"):
        call_command("add_member", "cleo@acme.example", organisation="Apex", role=["analyst"])
