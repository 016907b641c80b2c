"""Why an analysis could not be made, in the reader's language.

The analyses' own messages say in English what they expected and found, and are stored with the
frozen results. Here the ones that data or choices can bring about are told in plain words; any
other is a fault of ours and is shown as it is.
"""

import re
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

# Before the reason why a factor model left incomplete answers out.
COMPLETE_ONLY: Final = "full information: "

# The beginning of a message -> what is said instead, with the values that the pattern names.
WORDS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (r"expected (a row coded 1|at least one positive row|a solution to|at least one test)",
         _("no row of the truth table is coded 1")),
        (r"expected (at least one negative row|a row that no term may cover)",
         _("no row of the truth table is coded 0, so that every condition would fall away")),
        (r"expected rows for and against the outcome",
         _("the truth table has rows for the outcome or against it, not both")),
        (r"expected an outcome that varies, found (?P<set>.+) = ",
         _("%(set)s is the same in every case")),
        (r"expected a row with (?P<needed>\d+) cases or more, found at most (?P<found>\d+)",
         _("no row has %(needed)s cases or more; the fullest has %(found)s")),
        (r"expected different scores at the percentiles",
         _("the scores differ too little for anchors by percentiles")),
        (r"expected (at least one (score|case|respondent)|a complete case|a case with values)",
         _("no case is complete")),
        (r"expected at least one item in a scale",
         _("no statement is left in any scale")),
        (r"expected 1 to (?P<most>\d+) conditions, found (?P<found>\d+)",
         _("there may be 1 to %(most)s conditions, and there are %(found)s")),
        (r"expected memberships of (?P<set>.+) in .+, found (?P<found>\S+) in case (?P<case>.+)",
         _("memberships lie between 0 and 1, and %(set)s is %(found)s in case %(case)s")),
        (r"expected scores from 0, found (?P<found>\S+), in case (?P<case>.+)",
         _("this calibration takes scores from 0, and case %(case)s has %(found)s")),
        (r"expected other names of \w+ than .+, found '(?P<name>.+)'",
         _("no condition may be called %(name)s, because a column of the results is")),
        (r"expected names .+ more than case.+ found '(?P<first>.+)' and '(?P<second>.+)'",
         _("%(first)s and %(second)s differ by case only, and lower case can be read as absence")),
        (r"expected a rule without excluded rows",
         _("rows that were left out by hand cannot be drawn again")),
        (r"expected the conditions (?P<needed>.+) of the named patterns, found (?P<found>.+)",
         _("the named patterns need the conditions %(needed)s, and there are %(found)s")),
        (r"expected (?P<needed>\d+) answers or more of each function",
         _("each function needs %(needed)s answers or more")),
        (r"expected more than (?P<needed>\d+) respondents, found (?P<found>\d+)",
         _("more than %(needed)s complete answers are needed, and there are %(found)s")),
        (r"expected items that vary", _("a statement was answered alike by everybody")),
        (r"expected (items that are not sums|positive definite|an identified model)",
         _("some statements were answered too much alike for this figure")),
        (r"expected at most (?P<most>\d+) patterns of missing answers, found (?P<found>\d+)",
         _("statements were left open in %(found)s different ways, and at most %(most)s can be "
           "worked on")),
        (r"expected (settled|an optimum|the regression to settle)",
         _("the computation came to no result with these answers")),
        (r"expected (a scale of|scales of|at most \d+ parameters)",
         _("a scale has too few statements for this figure")),
        (r"expected (at least two respondents|every two items answered together)",
         _("too few people answered the same statements")),
        (r"expected the answers of the campaign, found them deleted",
         _("the answers of the campaign are deleted")),
        (r"[a-z ]+: (a version that cannot be told|version \d+), where versions 1 to ",
         _("a result behind it was stored in a form that this version of Rutin cannot read")),
        (r"expected (two groups|a group of two complete members)",
         _("too few groups have two complete answers or more")),
    )
)  # fmt: skip


def reason_words(message: str) -> str:
    """Return the reason in the active language, as it stands after a colon."""
    if message.startswith(COMPLETE_ONLY):
        reason = reason_words(message.removeprefix(COMPLETE_ONLY))
        return gettext(
            "the factor model over incomplete answers, so it rests on complete ones alone "
            "(%(reason)s)"
        ) % {"reason": reason}
    for pattern, words in WORDS:
        found = pattern.match(message)
        if found:
            return gettext(words) % found.groupdict()
    return message
