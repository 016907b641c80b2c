"""A company of two teams for the whole path: its files, and answers that follow a pattern."""

import random
from collections.abc import Mapping

from survey.instrument.answers import Answers
from survey.instrument.content import ConstructRole, Instrument

UNITS = """code;name;parent;leader_email;leader_name
field;Field Service Kärnä;;lena@acme.example;Lena Lead
desk;Sales Desk;;dirk@acme.example;Dirk Desk
"""
MEMBERS = {"field": 14, "desk": 12}
FUNCTIONS = {"field": "operations", "desk": "sales"}

# Construct -> what a member of the team answers on average, in scale points. The field team sees
# what comes, reworks its ways and works around procedure, but is slow; the desk is quick instead.
TENDENCY: Mapping[str, Mapping[str, int]] = {
    "field": {"TF": 6, "AD": 6, "AG": 3, "RB": 6, "CF": 5, "DSO": 6},
    "desk": {"TF": 6, "AD": 3, "AG": 6, "RB": 6, "CF": 5, "DSO": 6},
}


def addresses(team: str) -> list[str]:
    """Return the addresses of a team's members."""
    return [f"{team}{number}@acme.example" for number in range(1, MEMBERS[team] + 1)]


def people_file() -> str:
    """Return the file of people, one line a member."""
    lines = [
        f"{address};Member of {team};{team};{FUNCTIONS[team]}"
        for team in MEMBERS
        for address in addresses(team)
    ]
    return "\n".join(["email;name;unit;function", *lines]) + "\n"


def answer_of(reversed_item: bool, tendency: int, spread: random.Random) -> int:
    """Return one answer around a tendency, turned where the item is reverse keyed."""
    point = min(7, max(1, tendency + spread.choice((-1, 0, 0, 1))))
    return 8 - point if reversed_item else point


def answers_of(team: str, instrument: Instrument, spread: random.Random) -> Answers:
    """Return the answers of one attentive member of a team."""
    items: dict[str, int | None] = {}
    for construct, item in instrument.items():
        if construct.role is ConstructRole.CHECK:
            items[item.code] = item.expected
        else:
            tendency = TENDENCY[team].get(construct.code, 4)
            items[item.code] = answer_of(item.is_reversed, tendency, spread)
    return Answers(items)
