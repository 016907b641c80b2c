"""The web server's own log lines, kept free of survey tokens like all others."""

from gunicorn.config import Config
from gunicorn.glogging import Logger

from survey.logging import TokenRedaction


class RedactingLogger(Logger):
    """Gunicorn's logger; its lines do not pass through the handlers of the settings."""

    def setup(self, cfg: Config) -> None:
        """Set the handlers up and let each redact what it writes."""
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.addFilter(TokenRedaction())
