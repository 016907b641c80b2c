"""Links that are guessed, and links whose answer is an error."""

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from survey.policy import FAILED_LINKS
from tests.survey.small_campaign import SmallCampaign, open_small_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> SmallCampaign:
    return open_small_campaign()


def test_whoever_tries_many_wrong_links_is_told_to_pause_and_nobody_else(
    client: Client, small: SmallCampaign
) -> None:
    codes = [client.get(f"/s/wrong{number}").status_code for number in range(FAILED_LINKS + 2)]

    assert codes == [404] * FAILED_LINKS + [429] * 2
    assert client.get("/answer/").status_code == 429
    assert client.get(f"/s/{small.tokens[0]}").status_code == 302
    assert client.get("/answer/").status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.7").get("/s/wrong").status_code == 404


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(
    small: SmallCampaign, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    chosen = [f"203.0.113.{number}, 192.0.2.7" for number in range(FAILED_LINKS + 1)]
    codes = [
        Client(headers={"X-Forwarded-For": sender}).get("/s/wrong").status_code for sender in chosen
    ]

    assert codes == [404] * FAILED_LINKS + [429]
    assert Client(headers={"X-Forwarded-For": "192.0.2.8"}).get("/s/wrong").status_code == 404


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_a_link_is_never_a_referrer_whatever_the_answer(
    small: SmallCampaign, settings: Settings, method: str
) -> None:
    client = Client(raise_request_exception=False)
    address = f"/s/{small.tokens[0]}"
    settings.SECURE_SSL_REDIRECT = method == "delete"
    with connection.execute_wrapper(broken):
        answer = getattr(client, method)(address)

    assert answer.status_code == {"get": 500, "delete": 301}.get(method, 405)
    assert answer["Referrer-Policy"] == "no-referrer"
    assert client.get("/sign-in/")["Referrer-Policy"] == "same-origin"


def broken(*_arguments: object) -> None:
    raise ArithmeticError("a mistake of ours")
