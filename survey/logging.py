"""Keep whatever opens something out of every log line."""

import logging

from survey.redaction import redact


class TokenRedaction(logging.Filter):
    """Replace secrets in the message, its arguments, its traceback and its stack."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; never drop it."""
        record.msg = redact(_message(record))
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        # Django hands the whole request to the record; a handler must not print its path.
        record.__dict__.pop("request", None)
        return True


def _message(record: logging.LogRecord) -> str:
    """Return the message; one that does not fit its arguments is a mistake that must be read."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args!r}"
