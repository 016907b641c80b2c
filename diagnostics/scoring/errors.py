"""Errors of scoring; messages say what was expected and found."""


class ScoringError(ValueError):
    """Root of every error that scoring raises on purpose."""


class DefinitionError(ScoringError):
    """A pattern set or calibration rule does not hold what it should."""
