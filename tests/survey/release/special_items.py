"""Questionnaires with items that one function only is asked."""

import copy
from typing import Any

from survey.instrument.content import Instrument, parse_instrument
from survey.instrument.files import SHIPPED_INSTRUMENTS, read_instrument_file
from tests.survey.release.release_scenes import short_content

TEXTS = {language: f"Only we are asked this ({language})." for language in ("en", "fi", "sv", "de")}


def content_with(**items: str) -> dict[str, Any]:
    """Return the shipped content with further items, code -> function, each in its construct."""
    content = copy.deepcopy(dict(read_instrument_file(SHIPPED_INSTRUMENTS[0])))
    for code, function in items.items():
        entry = next(one for one in content["constructs"] if code.startswith(one["code"]))
        entry["items"].append({"code": code, "text": dict(TEXTS), "function": function})
    return content


def short_special_instrument() -> Instrument:
    """Return the short questionnaire with one more item for sales and one for operations."""
    content = short_content(items=2)
    for construct, function in ((0, "sales"), (1, "operations")):
        items = content["constructs"][construct]["items"]
        code = items[0]["code"].replace("1", "3")
        items.append({"code": code, "text": {"en": "x"}, "function": function})
    return parse_instrument(content)
