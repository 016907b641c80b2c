"""Respondents who speak HTTP only, in an open loop: each comes when it is due, ready or not."""

import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

SECONDS = 30  # longest wait for an answer
SENDERS = 64  # requests that may be under way at once


@dataclass(frozen=True, slots=True)
class Visitor:
    """The holder of a survey link with the cookies of a browser."""

    port: int
    cookie_name: str
    token: str
    form_token: str

    @classmethod
    def holding(cls, port: int, cookie_name: str, token: str) -> "Visitor":
        """Return a visitor who has opened the link before."""
        return cls(port, cookie_name, token, secrets.token_hex(16))

    def get(self, path: str) -> int:
        """Ask for a page and return the status."""
        return self._ask("GET", path, None)

    def post(self, path: str, answers: dict[str, int]) -> int:
        """Send answers and return the status."""
        form = {"csrfmiddlewaretoken": self.form_token, **answers}
        return self._ask("POST", path, urlencode(form))

    def _ask(self, method: str, path: str, body: str | None) -> int:
        connection = HTTPConnection("localhost", self.port, timeout=SECONDS)
        cookies = f"{self.cookie_name}={self.token}; csrftoken={self.form_token}"
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class Measured:
    """How long requests took from the moment they were due, in seconds, and their statuses."""

    seconds: tuple[float, ...]
    statuses: Counter[int]

    def percentile(self, share: float) -> float:
        """Return the time within which this share was answered."""
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def open_loop(requests: Sequence[Callable[[], int]], *, per_second: float) -> Measured:
    """Send each request when it is due, whether earlier ones are answered or not."""
    begin = time.perf_counter() + 0.2

    def send(number: int) -> tuple[float, int]:
        due = begin + number / per_second
        time.sleep(max(0.0, due - time.perf_counter()))
        status = requests[number]()
        return time.perf_counter() - due, status

    with ThreadPoolExecutor(SENDERS) as senders:
        answers = list(senders.map(send, range(len(requests))))
    return Measured(tuple(took for took, _ in answers), Counter(status for _, status in answers))
