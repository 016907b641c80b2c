"""Errors that the survey's services raise; messages say what was expected and found."""


class SurveyError(Exception):
    """Root of every error a survey service raises on purpose."""


class InputError(SurveyError):
    """A file or form holds something that cannot be used."""


class AnswersError(InputError):
    """A table of answers cannot be used; it says where and what kind, and quotes no answer."""


class StateError(SurveyError):
    """The campaign is not in a state that allows this."""


class AnswersDeletedError(StateError):
    """Something was to be made of answers that are deleted, or are being deleted."""


class RowFileError(SurveyError):
    """A file that rests on answers could not be deleted yet."""


class ChecklistError(StateError):
    """A point of the launch checklist does not hold."""


class EndingsError(StateError):
    """A launch would end what a running campaign uses, without the manager's agreement."""


class ConfirmationError(StateError):
    """Somebody confirms as a second person who is none, or what is not so any more."""


class SingleAnswersError(StateError):
    """Somebody asks for the single answers of a campaign that gives nobody any."""


class FrozenError(SurveyError):
    """What somebody wants to change is in use and stays as it is."""


class UnknownTokenError(SurveyError):
    """A survey link is malformed, unknown or revoked; which of them is never told."""


class RestingError(StateError):
    """Nobody knows now whether the campaign's answers could be opened, so none is taken."""


class KeyUnavailableError(SurveyError):
    """A campaign's key cannot be read where it should lie, or is not the one that it should be."""

    def __init__(self, message: str, problem: str = "") -> None:
        super().__init__(message)
        self.problem = problem  # survey.models.KeyProblem, where a file is to blame


class WebProcessError(SurveyError):
    """A key was asked for where pages are served, which must not be able to open a ballot."""


class SealError(SurveyError):
    """A sealed ballot or draft does not fit its size, or does not open with this key."""


class ReleaseError(SurveyError):
    """A release plan would expose a group that is too small."""


class WipeError(SurveyError):
    """Deleted rows are still in the database's files."""


class OpeningError(SurveyError):
    """Ballots could not be opened; it tells the kind of fault and the places, never a value."""
