"""The web server's own log lines, kept free of secrets like all others."""

import logging

from gunicorn.config import Config
from gunicorn.glogging import Logger

from survey.logging import TokenRedaction

REDACTION = TokenRedaction()  # one for all, so that a second set-up adds nothing


class RedactingLogger(Logger):
    """Gunicorn's logger; its lines do not pass through the handlers of the settings."""

    def setup(self, cfg: Config) -> None:
        """Set the loggers up and let each redact what it is given, whoever writes it down.

        A configuration of one's own (--log-config) may hand lines on to further handlers, and
        gunicorn's modules have loggers of their own, which the root's handlers write.
        """
        super().setup(cfg)
        loggers = (self.error_log, self.access_log)
        handlers = (handler for log in (*loggers, logging.root) for handler in log.handlers)
        for place in (*loggers, *handlers):
            place.addFilter(REDACTION)
