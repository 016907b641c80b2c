"""Every address asks for a login, but for a public list, and one place decides by roles."""

import ast
import re

import pytest
from django.test import Client
from django.urls import reverse

from survey.models import Role, User
from tests.architecture.routes import PUBLIC, Route, every_route
from tests.architecture.sources import imported_names, modules, tree_of
from tests.places import ROOT

ROUTES = every_route()
# Who else may name a role, and why; everybody else asks survey.access or diagnostics.access.
NAME_ROLES = {
    "survey.access": "the table of roles",
    "diagnostics.access": "the table of roles about results",
    "survey.models": "passes the model on",
    "survey.models.accounts": "is the model, with the words for each role",
    "survey.models.later_readers": "keeps which roles open nothing of a campaign yet",
    "survey.services.organisations.roles_apart": "refuses roles that exclude each other",
    "diagnostics.management.commands.remove_member": "takes roles",
    "survey.selectors.accounts.roles_apart": "names who has both",
    "survey.services.organisations.founding": "gives roles",
    "survey.services.organisations.later_readers": "holds back roles given after a launch",
    "diagnostics.management.commands.add_member": "gives the roles that are typed",
    "diagnostics.demonstration.founding": "gives invented people their roles",
}
NAME_ROLES_IN_WORDS = {"templates/results/parts/role_notes.html": "says what each role is"}

pytestmark = pytest.mark.django_db


def names(routes: list[Route]) -> list[str]:
    return [route.name for route in routes]


@pytest.mark.parametrize("route", ROUTES, ids=names(ROUTES))
def test_a_page_asks_for_a_login_unless_it_is_public(route: Route) -> None:
    answer = Client().get(route.path)

    asks_for_login = answer.status_code == 302 and answer.headers["Location"].startswith(
        reverse("survey:account-sign-in")
    )
    assert asks_for_login == (route.name not in PUBLIC)


def test_the_public_list_names_only_addresses_that_exist() -> None:
    assert set(names(ROUTES)) >= PUBLIC


@pytest.mark.parametrize("route", ROUTES, ids=names(ROUTES))
def test_a_post_without_a_token_from_another_site_is_refused(route: Route) -> None:
    answer = Client(enforce_csrf_checks=True).post(route.path, headers={"origin": "https://x.y"})

    assert answer.status_code in {302, 403, 404, 405}


@pytest.mark.parametrize("route", ROUTES, ids=names(ROUTES))
def test_no_answer_to_somebody_signed_in_may_be_stored(route: Route) -> None:
    client = Client()
    client.force_login(User.objects.create_user("kim@example.com", name="Kim"))

    answers = {
        "before": Client().get(route.path),
        "get": client.get(route.path),
        "post": client.post(route.path),
    }

    may_be_stored = [
        name
        for name, answer in answers.items()
        if "no-store" not in answer.headers.get("Cache-Control", "")
    ]
    assert may_be_stored == []


def test_only_pages_of_the_questionnaire_are_counted_in_addresses() -> None:
    assert [route.name for route in ROUTES if "/1/" in route.path] == [
        "preview:page-answer",
        "respondent:page-answer",
    ]


def _names_roles(tree: ast.Module) -> bool:
    """Whether a module has a role or a membership in its code, by whatever way it came there."""
    return any(
        (isinstance(node, ast.Attribute) and _asks_memberships(node))
        or (isinstance(node, ast.keyword) and (node.arg or "").startswith("memberships__"))
        or (isinstance(node, ast.Constant) and node.value in Role.values)
        for node in ast.walk(tree)
    )


def _asks_memberships(node: ast.Attribute) -> bool:
    """Whether it is as in `user.memberships.filter`; sets have memberships too, and no queries."""
    owner = node.value
    is_owner = isinstance(owner, ast.Attribute) and owner.attr == "memberships"
    return is_owner and node.attr in {"all", "create", "exclude", "exists", "filter", "values_list"}


def test_roles_and_memberships_are_named_by_the_table_and_by_whoever_gives_them() -> None:
    models = {
        f"survey.models{place}.{name}"
        for place in ("", ".accounts")
        for name in ("Role", "Membership")
    }
    naming = {
        name
        for name, path in modules().items()
        if models & set(imported_names(path)) or _names_roles(tree_of(path))
    }

    assert naming == set(NAME_ROLES)


def test_no_template_decides_by_a_role() -> None:
    role = re.compile(rf"""{{[{{%][^}}]*["']({"|".join(Role.values)})["']""")
    naming = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.*")
        if role.search(path.read_text(encoding="utf-8"))
    }

    assert naming == set(NAME_ROLES_IN_WORDS)
