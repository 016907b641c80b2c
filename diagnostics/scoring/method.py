"""What a campaign is scored with, as plain frozen values: elements, patterns, calibration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from qca.calibration.anchors import Anchors
from qca.patterns.named_patterns import Pattern
from survey.instrument.content import ConstructRole, Instrument

DEFAULT_SEED: Final = 1  # any number serves; a fixed one lets everybody get the same figures
Texts = Mapping[str, str]  # language -> text


@dataclass(frozen=True, slots=True)
class NamedPattern:
    """A pattern of a set, with its names."""

    code: str
    name: Texts
    summary: Texts
    function: str  # "" for both
    required: Mapping[str, bool]  # element -> present (True) or absent (False)
    core: frozenset[str]

    @property
    def pattern(self) -> Pattern:
        """The pattern as qca knows it, named by its code."""
        return Pattern(self.code, self.required, core=self.core)


@dataclass(frozen=True, slots=True)
class PatternSetContent:
    """One version of a pattern set."""

    code: str
    version: int
    title: str
    origin: str  # default, custom or derived
    author: str
    created_on: str  # ISO date
    note: str
    patterns: tuple[NamedPattern, ...]

    def for_function(self, function: str = "") -> tuple[NamedPattern, ...]:
        """Return the patterns in force for one function, or for both together."""
        special = {entry.code: entry for entry in self.patterns if entry.function == function}
        common = [entry for entry in self.patterns if not entry.function]
        chosen = [special.pop(entry.code, entry) for entry in common]
        return (*chosen, *special.values())

    def qca_patterns(self, function: str = "") -> tuple[Pattern, ...]:
        """Return the same as qca knows them."""
        return tuple(entry.pattern for entry in self.for_function(function))


class CalibrationKind(StrEnum):
    """What the numbers of a calibration rule are."""

    ABSOLUTE = "absolute"  # points of the answering scale
    RELATIVE = "relative"  # percentiles of the company's own personal scores


@dataclass(frozen=True, slots=True)
class CalibrationContent:
    """One version of a calibration rule: "*" stands for every construct that is not named."""

    code: str
    version: int
    title: str
    kind: CalibrationKind
    origin: str
    author: str
    note: str
    anchors: Mapping[str, tuple[float, ...]]  # full out, crossover, full in

    def three(self, construct: str) -> tuple[float, ...]:
        """Return the three numbers for one construct."""
        return self.anchors[construct if construct in self.anchors else "*"]


@dataclass(frozen=True, slots=True)
class ConstructInfo:
    """A construct as reports name it."""

    code: str
    name: Texts
    is_outcome: bool
    is_sensitive: bool


@dataclass(frozen=True, slots=True)
class Method:
    """Everything that fixes a scoring but the answers themselves."""

    constructs: tuple[ConstructInfo, ...]  # elements, then the outcome
    points: int  # of the answering scale
    pattern_set: PatternSetContent
    calibration: CalibrationContent
    other_lens: CalibrationContent
    floor: int  # answers below which nothing is shown
    sensitive_floor: int
    draws: int
    seed: int

    @property
    def elements(self) -> tuple[str, ...]:
        """Codes of the elements, in the instrument's order."""
        return tuple(entry.code for entry in self.constructs if not entry.is_outcome)

    @property
    def outcome(self) -> str:
        """Code of the outcome."""
        return next(entry.code for entry in self.constructs if entry.is_outcome)

    @property
    def never_raised(self) -> tuple[str, ...]:
        """Sensitive elements: more rule-bending is never anybody's advice."""
        return tuple(
            entry.code for entry in self.constructs if entry.is_sensitive and not entry.is_outcome
        )

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the elements, then of the outcome."""
        return tuple(entry.code for entry in self.constructs)


def construct_infos(instrument: Instrument) -> tuple[ConstructInfo, ...]:
    """Return an instrument's elements, then its outcome."""
    return tuple(
        ConstructInfo(
            code=construct.code,
            name=construct.name,
            is_outcome=role is ConstructRole.OUTCOME,
            is_sensitive=construct.is_sensitive,
        )
        for role in (ConstructRole.ELEMENT, ConstructRole.OUTCOME)
        for construct in instrument.constructs
        if construct.role is role
    )


def anchor_list(
    numbers: Mapping[str, tuple[float, ...]], constructs: Sequence[str]
) -> list[Anchors]:
    """Return the anchors of the named constructs, in their order."""
    return [Anchors(*numbers[construct]) for construct in constructs]
