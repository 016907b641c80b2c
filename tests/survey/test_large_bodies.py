"""A body that is too large is refused before a byte of it is read."""

from io import BytesIO
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory

pytestmark = pytest.mark.django_db
MULTIPART = "multipart/form-data; boundary=x"
MB = 1024 * 1024


class Body(BytesIO):
    """A body that counts what is read of it."""

    def __init__(self, content: bytes = b"") -> None:
        super().__init__(content)
        self.taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Return what is there, and count it."""
        found = super().read(size)
        self.taken += len(found)
        return found

    def readline(self, size: int | None = -1, /) -> bytes:
        """Return a line, and count it."""
        found = super().readline(size)
        self.taken += len(found)
        return found


def send(body: Body, *, path: str = "/sign-in/", **headers: Any) -> tuple[int, str]:  # noqa: ANN401
    environ = RequestFactory().generic("POST", path).environ
    environ.pop("CONTENT_LENGTH", None)
    told: list[str] = []
    answer = WSGIHandler()(
        {**environ, "wsgi.input": body, **headers},
        lambda status, _headers, _error=None: told.append(status),  # type: ignore[arg-type]
    )
    return int(told[0][:3]), b"".join(answer).decode()


@pytest.mark.parametrize(
    ("kind", "length"),
    [
        (MULTIPART, 12 * MB + 1),
        (MULTIPART, 10**15),
        ("application/x-www-form-urlencoded", 5 * MB + 1),
        ("application/json", 5 * MB + 1),
        ("", 5 * MB + 1),
    ],
)
@pytest.mark.parametrize(
    "path", ["/sign-in/", "/campaigns/", "/answer/submit/", "/hooks/bounces/", "/no/such/page/"]
)
def test_a_body_over_the_limit_is_refused_unread_wherever_it_goes(
    kind: str, length: int, path: str
) -> None:
    body = Body(b"a" * 1000)

    status, page = send(body, path=path, CONTENT_TYPE=kind, CONTENT_LENGTH=str(length))

    assert (status, body.taken) == (413, 0)
    assert "may have 12 MB together" in page


@pytest.mark.parametrize("length", [None, "", "none", "-1"])
@pytest.mark.parametrize("kind", [MULTIPART, "application/x-www-form-urlencoded"])
def test_a_body_without_a_length_is_read_as_empty(kind: str, length: str | None) -> None:
    body = Body(b"csrfmiddlewaretoken=a&" + b"a" * MB)
    stated = {} if length is None else {"CONTENT_LENGTH": length}

    status, _ = send(body, CONTENT_TYPE=kind, HTTP_TRANSFER_ENCODING="chunked", **stated)

    assert (status, body.taken) == (403, 0)  # no token came with it


def test_fields_that_are_too_long_beside_a_file_are_refused_alike() -> None:
    answer = Client().post("/sign-in/", {"username": "a" * (5 * MB + 1)})

    assert answer.status_code == 413


def test_what_the_forms_take_is_taken() -> None:
    answer = Client().post("/sign-in/", {"username": "a" * (4 * MB)})

    assert answer.status_code == 200
