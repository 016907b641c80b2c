"""What was found of a pattern, in a few words, as tables and exported files tell it."""

from django.utils.translation import gettext as _

from diagnostics.scoring.older_results import FIRST_METHOD
from qca.patterns.support import Finding


def finding_words(finding: Finding, method_version: int) -> str:
    """Return a finding in words; version 1 could not tell more than a contradiction."""
    if finding is Finding.SUPPORTED and method_version == FIRST_METHOD:
        return _("not contradicted")
    return {
        Finding.SUPPORTED: _("supported"),
        Finding.AMONG_PERSONS: _("among persons; units too few or too alike to tell"),
        Finding.PLAIN_SUM: _("goes with the outcome, but a plain sum of the elements says as much"),
        Finding.NOT_SHOWN: _("not shown"),
        Finding.TOO_FEW_ANSWERS: _("too few answers"),
    }[finding]
