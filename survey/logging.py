"""Keep survey tokens out of every log line."""

import logging
import re

TOKEN_IN_PATH = re.compile(r"(/s/)[^/\s\"'?]+")
TOKEN_ANYWHERE = re.compile(r"[a-z2-7]{32,}")  # in a cookie, or where an address was misspelt


def redact(text: str) -> str:
    """Return the text with every survey token replaced.

    >>> redact('GET /s/abc123 HTTP/1.1')
    'GET /s/[token] HTTP/1.1'
    >>> redact("Not Found: /S/abcdefghijklmnopqrstuvwxyz234567")
    'Not Found: /S/[token]'
    """
    return TOKEN_ANYWHERE.sub("[token]", TOKEN_IN_PATH.sub(r"\1[token]", text))


class TokenRedaction(logging.Filter):
    """Replace survey tokens in the message, its arguments and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; never drop it."""
        record.msg = redact(record.getMessage())
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        # Django hands the whole request to the record; a handler must not print its path.
        record.__dict__.pop("request", None)
        return True
