"""Collect the texts to translate from Python and templates, in one settled form."""

from django.core.management.base import CommandParser
from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Django's command, without guesses: an entry is translated or it is empty."""

    msgmerge_options = [  # noqa: RUF012 - the base class has it so
        *makemessages.Command.msgmerge_options,
        "--no-fuzzy-matching",
    ]

    def add_arguments(self, parser: CommandParser) -> None:
        """Set the options that keep the catalogues' changes small."""
        super().add_arguments(parser)
        parser.set_defaults(
            extensions=["html", "txt", "py", "svg"],
            ignore_patterns=["tests/*", "bench/*", ".venv*", "var/*", "staticfiles/*"],
            no_wrap=True,
            no_obsolete=True,
            add_location="file",
        )
