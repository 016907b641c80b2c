"""Importing units and people: the tree over time, leaders and their accounts, all or nothing."""

from datetime import date, timedelta

import pytest
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from survey.errors import InputError
from survey.models import Leadership, Message, Organisation, Recipient, Unit, User, Who
from survey.services.organisations.trees import TreeChange, import_people, import_units
from survey.services.setup.imports import read_people, read_units
from survey.tasks import queue_set_password_mails
from tests.survey.staff_scenes import UNITS, draft_campaign, organisation_with_manager

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def imported(
    organisation: Organisation, text: str, *, root_name: str = "", on: date = TODAY
) -> TreeChange:
    rows = read_units(text.encode()).rows
    return import_units(
        organisation=organisation, rows=rows, root_name=root_name, on=on, by=Who.WORKER
    )


def tree(organisation: Organisation, on: date = TODAY) -> dict[str, tuple[str, str | None]]:
    return {
        unit.code: (unit.name, unit.parent.code if unit.parent else None)
        for unit in organisation.units.on(on).select_related("parent")
    }


def test_one_row_at_the_top_is_the_company_itself() -> None:
    organisation, _ = organisation_with_manager()

    change = imported(organisation, UNITS)

    assert change == TreeChange(created=4, changed=0, ended=0, accounts=2)
    assert tree(organisation) == {
        "C": ("Acme Service", None),
        "N": ("Region North", "C"),
        "N1": ("Field team Ålesund", "N"),
        "N2": ("Workshop", "N"),
    }


def test_several_rows_at_the_top_get_the_company_above_them() -> None:
    organisation, _ = organisation_with_manager("Acme")

    imported(organisation, "code,name,parent\nN,North,\nS,South,\n", root_name="Acme Group")

    assert tree(organisation) == {
        "": ("Acme Group", None),
        "N": ("North", ""),
        "S": ("South", ""),
    }


def test_a_later_file_renames_moves_adds_and_ends_units() -> None:
    organisation, _ = organisation_with_manager()
    imported(organisation, UNITS)
    later = TODAY + timedelta(days=30)

    change = imported(organisation, "code,name,parent\nC,Acme,\nn1,Team,C\nW,West,C\n", on=later)

    assert change == TreeChange(created=1, changed=2, ended=2, accounts=0)
    assert tree(organisation, later) == {
        "C": ("Acme", None),
        "N1": ("Team", "C"),
        "W": ("West", "C"),
    }
    assert set(tree(organisation, later - timedelta(days=1))) == {"C", "N", "N1", "N2"}


def test_a_unit_that_comes_back_is_the_same_unit() -> None:
    organisation, _ = organisation_with_manager()
    imported(organisation, UNITS)
    workshop = Unit.objects.get(code="N2").id
    imported(organisation, "code,name,parent\nC,Acme Service,\nN,Region North,C\n",
             on=TODAY + timedelta(days=30))  # fmt: skip
    later = TODAY + timedelta(days=60)

    change = imported(organisation, UNITS, on=later)

    assert change == TreeChange(created=0, changed=2, ended=0, accounts=0)
    assert organisation.units.on(later).get(code="N2").id == workshop


def test_a_leader_gets_an_account_that_waits_for_its_password(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    organisation, _ = organisation_with_manager()

    with django_capture_on_commit_callbacks(execute=True):
        imported(organisation, UNITS)

    nora = User.objects.get(email="nora@example.com")
    (queued,) = DBTaskResult.objects.filter(task_path="survey.tasks.queue_set_password_mails")
    queue_set_password_mails.call(*queued.args_kwargs["args"])
    mails = Message.objects.filter(kind="set_password", state="waiting")
    assert (nora.name, nora.has_usable_password(), nora.is_active) == ("Nora North", False, True)
    assert list(nora.leaderships.values_list("unit__code", "kind", "since", "until")) == [
        ("N", "leader", TODAY, None)
    ]
    assert sorted(mails.values_list("user__email", flat=True)) == sorted(
        User.objects.exclude(email="maria@example.com").values_list("email", flat=True)
    )


def test_a_new_leader_ends_the_time_of_the_one_before_and_no_name_changes_nothing() -> None:
    organisation, _ = organisation_with_manager()
    imported(organisation, UNITS)
    later = TODAY + timedelta(days=30)

    imported(organisation, UNITS.replace("nora@example.com,Nora North", "eva@example.com,Eva"),
             on=later)  # fmt: skip
    imported(organisation, UNITS.replace("nora@example.com,Nora North", ","), on=later)

    leaderships = Leadership.objects.filter(unit__code="N").order_by("since", "user__email")
    assert list(leaderships.values_list("user__email", "since", "until")) == [
        ("nora@example.com", TODAY, later),
        ("eva@example.com", later, None),
    ]


def test_an_account_of_another_organisation_is_used_and_not_renamed() -> None:
    organisation, _ = organisation_with_manager()
    User.objects.create_user("nora@example.com", "a long enough password", name="Nora N.")

    change = imported(organisation, UNITS)

    assert change.accounts == 1
    assert User.objects.get(email="nora@example.com").name == "Nora N."


def test_people_of_an_unknown_unit_are_refused_and_none_is_saved() -> None:
    organisation, _ = organisation_with_manager()
    campaign = draft_campaign(organisation)
    before = set(campaign.recipients.values_list("email", flat=True))
    rows = read_people(b"email,name,unit,function\na@b.co,A,N1,sales\nc@d.co,C,X,sales\n").rows

    with pytest.raises(InputError, match=r"found the unknown codes X\."):
        import_people(campaign=campaign, rows=rows)

    assert set(campaign.recipients.values_list("email", flat=True)) == before


def test_importing_people_again_replaces_the_list() -> None:
    campaign = draft_campaign(organisation_with_manager()[0])
    rows = read_people(b"email,name,unit,function\na@b.co,Ann,n1,sales\n").rows

    count = import_people(campaign=campaign, rows=rows)

    assert count == 1
    assert list(
        Recipient.objects.values_list("email", "name", "language", "unit_code", "function")
    ) == [("a@b.co", "Ann", "en", "N1", "sales")]


def test_a_failure_half_way_leaves_tree_and_accounts_as_they_were() -> None:
    organisation, _ = organisation_with_manager()
    rows = read_units(UNITS.encode()).rows
    broken = (*rows, rows[0])  # a code twice, which reading would have refused

    with pytest.raises(Exception, match=r"unit_code_is_unique|UNIQUE"):
        import_units(organisation=organisation, rows=broken, on=TODAY, by=Who.WORKER)

    assert (Unit.objects.count(), User.objects.count(), Leadership.objects.count()) == (0, 1, 0)


def test_a_deputy_who_becomes_leader_is_a_deputy_no_longer() -> None:
    organisation, _ = organisation_with_manager()
    imported(organisation, UNITS)
    eva = User.objects.create_user("eva@example.com")
    workshop = Unit.objects.get(code="N2")
    Leadership.objects.create(unit=workshop, user=eva, kind="deputy", since=TODAY)
    later = TODAY + timedelta(days=30)

    imported(organisation, UNITS.replace("N2,Workshop,N,,", "N2,Workshop,N,eva@example.com,Eva"),
             on=later)  # fmt: skip

    assert dict(eva.leaderships.values_list("kind", "until")) == {"deputy": later, "leader": None}
