"""Stored scale studies of older versions, brought up to date."""

from collections.abc import Mapping
from typing import Any


def with_complete_answers(study: Mapping[str, Any]) -> dict[str, Any]:
    """Return a study of version 1 as version 2: its models used complete answers alone."""
    equal = study["invariance"]
    return {
        **study,
        "groups": [{**group, "fit": _fit(group["fit"])} for group in study["groups"]],
        "invariance": equal and {model: _fit(fit) for model, fit in equal.items()},
    }


def _fit(fit: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if fit is None:
        return None
    unknown = {"rmsea_low": None, "rmsea_high": None, "is_full": False}
    return {**fit, **unknown, "complete": fit["respondents"]}
