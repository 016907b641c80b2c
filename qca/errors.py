"""Named errors of the package; every message says what was expected and what was found."""


class QcaError(ValueError):
    """Base of every error this package raises on purpose.

    Examples
    --------
    >>> issubclass(AnchorError, QcaError), issubclass(QcaError, ValueError)
    (True, True)
    """


class MissingDataError(QcaError):
    """A value is NaN where every value must be known."""


class NotNumericError(QcaError):
    """A value is no number."""


class MembershipRangeError(QcaError):
    """A membership lies outside [0, 1]."""


class NoCasesError(QcaError):
    """There is no case to analyse."""


class ShapeError(QcaError):
    """Arrays that belong together differ in length or number of dimensions."""


class ConstantSetError(QcaError):
    """A set has the same membership for every case, so it separates nothing."""


class DuplicateNameError(QcaError):
    """A name stands for two columns, conditions or cases."""


class SetNameError(QcaError):
    """A name would be read as something else where it stands in an expression."""


class UnknownNameError(QcaError):
    """A name is not among the columns or conditions at hand."""


class TooManyConditionsError(QcaError):
    """More conditions than the truth table may have."""


class ExpressionError(QcaError):
    """A text is not a valid Boolean expression."""


class AnchorError(QcaError):
    """Calibration anchors are too few, too many, in the wrong order or out of range."""


class CutError(QcaError):
    """A cut-off is outside its range or in the wrong order."""


class OptionError(QcaError):
    """An option has a value that is not offered."""


class NoRowError(QcaError):
    """No truth table row has as many cases as the frequency cut asks for."""


class NoPositiveRowError(QcaError):
    """No truth table row is coded 1, so there is nothing to minimise."""


class AllPositiveError(QcaError):
    """No truth table row is coded 0, so every condition would be minimised away."""


class PatternError(QcaError):
    """A named pattern requires nothing, contradicts itself, or cannot be placed."""


class ConvergenceError(QcaError):
    """An iterative fit did not reach its optimum."""
