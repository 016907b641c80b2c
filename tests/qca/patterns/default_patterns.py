"""The product's default pattern set as test data, and brute-force readings of the rules."""

from qca.calibration.anchors import Anchors
from qca.patterns.admissible_sets import Reading
from qca.patterns.named_patterns import Pattern

ELEMENTS = ("TF", "AD", "AG", "RB", "CF")
DEFAULT = (
    Pattern("assertive", {"TF": True, "AD": True, "RB": True}, core=frozenset({"TF", "RB"})),
    Pattern("responsive", {"TF": True, "AD": True, "AG": True}, core=frozenset({"TF", "AD"})),
    Pattern("nimble", {"TF": True, "AG": True, "RB": True}, core=frozenset({"TF", "AG"})),
)
STRICT = (
    Pattern("assertive", {"TF": True, "AD": True, "AG": False, "RB": True}),
    Pattern("responsive", {"TF": True, "AD": True, "AG": True, "RB": False}),
    Pattern("nimble", {"TF": True, "AD": False, "AG": True, "RB": True}),
)
PUBLIC = Reading(
    shared=("TF",),
    choices=("AD", "AG", "RB"),
    signatures={"assertive": "RB", "responsive": "AD", "nimble": "AG"},
    stand_ins={"AD": "RB", "AG": "RB"},
)
ABSOLUTE = (Anchors(2, 4.1, 6),) * len(ELEMENTS)


def required_values(pattern: Pattern, unit: dict[str, float]) -> list[float]:
    """What the pattern requires of one unit, lowest first."""
    return sorted(
        unit[name] if present else 1 - unit[name] for name, present in pattern.required.items()
    )


def padded(pattern: Pattern, unit: dict[str, float]) -> list[float]:
    """The same padded with 1 to one length and rounded, so that lists compare by leximin."""
    values = required_values(pattern, unit)
    return [round(value, 9) for value in values + [1.0] * (len(unit) - len(values))]
