"""Pattern sets and calibration rules that ship with the product, read from their files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from diagnostics.scoring.errors import DefinitionError
from diagnostics.scoring.method import (
    DEFAULT_SEED,
    CalibrationContent,
    CalibrationKind,
    Method,
    NamedPattern,
    PatternSetContent,
    construct_infos,
)
from qca.bootstrap import DRAWS
from qca.calibration.anchors import Anchors
from qca.errors import QcaError
from survey.instrument.content import Instrument
from survey.policy import RELEASE_FLOOR, SENSITIVE_FLOOR

FOLDER: Final = Path(__file__).resolve().parent.parent / "methods"
DEFAULT_PATTERN_SET: Final = "compensating"
DEFAULT_CALIBRATION: Final = "fixed-off-centre"
DEFAULT_OTHER_LENS: Final = "relative-wide"  # shown beside fixed anchors, as these are beside it


def default_pattern_sets() -> dict[str, PatternSetContent]:
    """Return the presets by their code."""
    found = [pattern_set(entry) for entry in _contents("pattern_sets")]
    return {entry.code: entry for entry in found}


def default_calibrations() -> dict[str, CalibrationContent]:
    """Return the calibration rules by their code."""
    found = [calibration(entry) for entry in _contents("calibrations")]
    return {entry.code: entry for entry in found}


def default_method(
    instrument: Instrument,
    *,
    floor: int = RELEASE_FLOOR,
    sensitive_floor: int = SENSITIVE_FLOOR,
    draws: int = DRAWS,
    seed: int = DEFAULT_SEED,
) -> Method:
    """Return the method of a campaign for which nobody chose anything else."""
    calibration = default_calibrations()[DEFAULT_CALIBRATION]
    return Method(
        constructs=construct_infos(instrument),
        points=instrument.scale.points,
        pattern_set=default_pattern_sets()[DEFAULT_PATTERN_SET],
        calibration=calibration,
        other_lens=other_lens_of(calibration),
        floor=floor,
        sensitive_floor=sensitive_floor,
        draws=draws,
        seed=seed,
    )


def other_lens_of(chosen: CalibrationContent) -> CalibrationContent:
    """Return the rule of the other kind, through which verdicts are looked at a second time."""
    is_absolute = chosen.kind is CalibrationKind.ABSOLUTE
    return default_calibrations()[DEFAULT_OTHER_LENS if is_absolute else DEFAULT_CALIBRATION]


def pattern_set(content: Mapping[str, Any]) -> PatternSetContent:
    """Return a checked pattern set, or raise DefinitionError that says where and what."""
    try:
        found = PatternSetContent(
            code=content["code"],
            version=int(content["version"]),
            title=content["title"],
            origin=content["origin"],
            author=content["author"],
            created_on=str(content["created_on"]),
            note=content["note"],
            patterns=tuple(_pattern(entry) for entry in content["patterns"]),
        )
        if all(entry.function for entry in found.patterns):
            raise DefinitionError(
                f"Pattern set {found.code}: expected a pattern for both functions together, found "
                f"{len(found.patterns)} for one function only."
            )
        for entry in found.patterns:
            entry.pattern  # noqa: B018 - building it checks it
    except (KeyError, TypeError, ValueError) as error:
        raise DefinitionError(
            f"Pattern set: expected every field of a pattern set, found a problem at {error}."
        ) from error
    return found


def calibration(content: Mapping[str, Any]) -> CalibrationContent:
    """Return a checked calibration rule, or raise DefinitionError that says where and what."""
    try:
        found = CalibrationContent(
            code=content["code"],
            version=int(content["version"]),
            title=content["title"],
            kind=CalibrationKind(content["kind"]),
            origin=content["origin"],
            author=content["author"],
            note=content["note"],
            anchors={
                construct: tuple(float(number) for number in three)
                for construct, three in content["anchors"].items()
            },
        )
        for three in found.anchors.values():
            Anchors(*three)
    except (KeyError, TypeError, ValueError, QcaError) as error:
        raise DefinitionError(
            f"Calibration: expected every field of a calibration rule, found a problem at {error}."
        ) from error
    return found


def _pattern(entry: Mapping[str, Any]) -> NamedPattern:
    conditions = entry["conditions"]
    return NamedPattern(
        code=entry["code"],
        name=entry["name"],
        summary=entry["summary"],
        function=entry.get("function", ""),
        required={element: bool(c["present"]) for element, c in conditions.items()},
        core=frozenset(element for element, c in conditions.items() if c["core"]),
    )


def _contents(folder: str) -> list[Mapping[str, Any]]:
    files = sorted((FOLDER / folder).glob("*.yaml"))
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files]
