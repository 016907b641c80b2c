"""Suggestions and questions for each element; none asks anyone to bend a rule."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FORESIGHT_OPERATIONS: Final = (
    _(
        "Give ten minutes of the weekly meeting to one new piece of technology that somebody "
        "saw on site: what it was, what it could change in our jobs, who looks into it."
    ),
    _(
        "Let one person a month try a new tool on a real job and show the others what happened,"
        " failures included."
    ),
    _(
        "Keep one shared list of signals from installed equipment that nobody uses yet; choose "
        "one every quarter and test it at one customer."
    ),
)
FORESIGHT_SALES: Final = (
    _(
        "Bring back from every customer visit one question about data or software that you "
        "could not answer, and go through the list every two weeks."
    ),
    _(
        "Once a quarter, ask a customer's technician or IT specialist to show you where their "
        "equipment is heading."
    ),
    _(
        "For each new technology, write half a page: which offer would change, for which "
        "customers, and what it would take."
    ),
)
ADAPTABILITY_OPERATIONS: Final = (
    _(
        "After a job that went badly, change one line of the checklist on the same day and note"
        " what was changed and why."
    ),
    _(
        "When a digital service arrives, walk through one whole job together and strike the "
        "steps that it makes needless."
    ),
    _(
        "Let two people swap tasks for a week each quarter, so that new work does not wait for "
        "one specialist."
    ),
)
ADAPTABILITY_SALES: Final = (
    _(
        "After each offer, won or lost, note one thing to keep and one to change, and put it "
        "into the next offer's template."
    ),
    _(
        "Sort your customers by how far they have come with digital technology, and prepare a "
        "way into the talk for each group instead of one for all."
    ),
    _("Twice a year, go through the steps of a sale and drop one that no longer earns its time."),
)
AGILITY_OPERATIONS: Final = (
    _(
        "Agree which decisions the technician on site takes alone, and up to what amount; put "
        "it on one card."
    ),
    _(
        "Hold a ten-minute call every morning in which one person may move people to the most "
        "urgent job."
    ),
    _(
        "Give every idea for a digital service a date within six weeks for a first use at one "
        "friendly customer, however small."
    ),
)
AGILITY_SALES: Final = (
    _(
        "Set an amount up to which an offer needs no approval, and name a person who answers "
        "within a day for all others."
    ),
    _(
        "Keep a standard package of each digital service ready, so that an offer can go out on "
        "the same day."
    ),
    _(
        "Choose two friendly customers who see every new service first, in return for their "
        "opinion."
    ),
)
EXCEPTIONS_OPERATIONS: Final = (
    _(
        "Agree on a sanctioned exception: which step may wait when a customer's equipment "
        "stands still, who says yes by phone, and how it is written down afterwards."
    ),
    _(
        "List the three forms or system steps that most often stand between you and a working "
        "solution, and take them to their owner with a proposal."
    ),
    _(
        "Ask of every workaround that works and is safe: should this be the procedure? Once a "
        "month, turn one into the written way."
    ),
)
EXCEPTIONS_SALES: Final = (
    _(
        "Agree on a fast lane with those who approve offers: for which cases, who says yes, and"
        " what is filed afterwards."
    ),
    _(
        "List the three steps that most often delay a workable offer, and take them to their "
        "owner with a proposal."
    ),
    _(
        "Ask of every exception that was granted three times: should this be the rule? Then "
        "have it written into the guideline."
    ),
)
CUSTOMER_OPERATIONS: Final = (
    _(
        "At the end of each job, ask what the customer wants to achieve with the equipment this"
        " year, and note it where the next technician sees it."
    ),
    _("Phone one customer a week: did the last job make a difference, and how do they notice?"),
)
CUSTOMER_SALES: Final = (
    _(
        "Begin each offer with one sentence in the customer's own words on what they want to "
        "achieve."
    ),
    _("Three months after a sale, ask what has changed for the customer, and tell the team."),
)

SUGGESTIONS: Final[Mapping[str, Mapping[str, tuple[Promise | str, ...]]]] = {
    "TF": {"operations": FORESIGHT_OPERATIONS, "sales": FORESIGHT_SALES},
    "AD": {"operations": ADAPTABILITY_OPERATIONS, "sales": ADAPTABILITY_SALES},
    "AG": {"operations": AGILITY_OPERATIONS, "sales": AGILITY_SALES},
    "RB": {"operations": EXCEPTIONS_OPERATIONS, "sales": EXCEPTIONS_SALES},
    "CF": {"operations": CUSTOMER_OPERATIONS, "sales": CUSTOMER_SALES},
}

QUESTIONS: Final[Mapping[str, tuple[Promise | str, ...]]] = {
    "TF": (
        _("Which new technology did one of us see this month, and who else heard of it?"),
        _("What will our customers' equipment be able to do in three years that it cannot today?"),
    ),
    "AD": (
        _("What did we do differently after the last job or offer that went badly?"),
        _("Which habit did a digital service make needless, and do we still keep it?"),
    ),
    "AG": (
        _("What waited longest for a decision last month, and whose decision was it?"),
        _("How long did our last good idea take until a first customer saw it?"),
    ),
    "RB": (
        _("Which procedure do we work around most often, and who could change it?"),
        _("Where did we follow a procedure although it helped nobody, and what stopped us asking?"),
    ),
    "CF": (
        _("What does our most important customer want to achieve this year, in their own words?"),
        _("How did we learn whether our last job or sale made a difference?"),
    ),
}


def questions(element: str) -> tuple[str, ...]:
    """Return what a team may talk about; nothing for an element of a custom instrument."""
    return tuple(str(text) for text in QUESTIONS.get(element, ()))


def suggestions(element: str, function: str) -> tuple[str, ...]:
    """Return what a unit of a function may try; nothing for an element of a custom instrument."""
    return tuple(str(text) for text in SUGGESTIONS.get(element, {}).get(function, ()))
