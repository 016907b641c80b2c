"""Every address asks for a login, but for an explicit public list."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.architecture.routes import Route, every_route

PUBLIC = {
    "respondent:answers-review",
    "respondent:ballot-submit",
    "respondent:code-enter",
    "respondent:draft-save",
    "respondent:draft-withdraw",
    "respondent:kiosk-switch",
    "respondent:language-choose",
    "respondent:link-open",
    "respondent:page-answer",
    "respondent:sample-show",
    "respondent:thanks-show",
    "respondent:unit-report",
    "respondent:welcome",
    "respondent:withdrawal-show",
    "survey:account-sign-in",
    "survey:bounce-receive",
    "survey:logo-show",
    "survey:password-reset",
    "survey:password-reset-sent",
    "survey:password-set",
    "survey:password-set-done",
    "survey:trial-confirm",
}
ROUTES = every_route()

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


def test_only_pages_of_the_questionnaire_are_counted_in_addresses() -> None:
    assert [route.name for route in ROUTES if "/1/" in route.path] == [
        "preview:page-answer",
        "respondent:page-answer",
    ]
