"""What a reader is told of a stored document that this version cannot read."""

from django.utils.translation import gettext as _

from survey.documents.versions import FIRST, UnreadableDocumentError


def unreadable_words(error: UnreadableDocumentError) -> str:
    """Return the sentences in the active language; where it does not fit stands in the log."""
    found = {"document": _(error.title), "found": error.found, "known": _known(error.known)}
    if error.is_newer:
        return (
            _(
                "%(document)s: stored by another version of Rutin (version %(found)d of its form; "
                "this one reads %(known)s). Nothing is lost: ask whoever looks after the server "
                "to bring Rutin up to date."
            )
            % found
        )
    return (
        _(
            "%(document)s: stored in a form that this version of Rutin cannot read. Nothing is "
            "lost, it stays as it is: ask whoever looks after the server, whose log says what "
            "does not fit."
        )
        % found
    )


def _known(newest: int) -> str:
    return str(newest) if newest == FIRST else f"{FIRST}–{newest}"
