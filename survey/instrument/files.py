"""Instrument files that ship with the product, and their fingerprint."""

import json
import unicodedata
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from survey.errors import InputError
from survey.import_files.problems import Remark
from survey.import_files.text import decode

INSTRUMENT_DIR = Path(__file__).resolve().parent.parent / "instruments"
DEFAULT_INSTRUMENT = INSTRUMENT_DIR / "rutin-core-2.yaml"
# Campaigns of earlier versions go on, and an organisation may choose to stay with one.
SHIPPED_INSTRUMENTS = (INSTRUMENT_DIR / "rutin-core-1.yaml", DEFAULT_INSTRUMENT)


class PlainLoader(yaml.SafeLoader):
    """Reads YAML without aliases: a few lines of them can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse an alias where it stands."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="an alias", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Refuse a field that comes twice, of which YAML would keep the second without a word."""
        known: set[str] = set()
        for key, _value in node.value:
            if not isinstance(key.value, str):
                continue
            name = unicodedata.normalize("NFC", key.value)
            if name in known:
                problem = f"the field {name!r} again"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            known.add(name)
        return super().construct_mapping(node, deep=deep)


@dataclass(frozen=True, slots=True)
class InstrumentFile:
    """The plain content of a questionnaire's file, and what is told of how it was read."""

    content: Mapping[str, Any]
    remarks: tuple[Remark, ...]


def shipped_identity(path: Path) -> tuple[str, int]:
    """Return code and version of a questionnaire that ships, which its file is named after.

    >>> shipped_identity(DEFAULT_INSTRUMENT)
    ('rutin-core', 2)
    """
    code, _, version = path.stem.rpartition("-")
    return code, int(version)


def read_instrument_file(path: Path = DEFAULT_INSTRUMENT) -> Mapping[str, Any]:
    """Return the plain content of a YAML or JSON instrument file."""
    try:
        return read_content(path.read_bytes(), name=path.name)
    except OSError as error:
        raise InputError(
            f"{path.name}: expected a file that can be read, found {error}."
        ) from error


def read_content(data: bytes, *, name: str) -> Mapping[str, Any]:
    """Return the plain content of a file's bytes; JSON is YAML as well."""
    return read_told_content(data, name=name).content


def read_told_content(data: bytes, *, name: str) -> InstrumentFile:
    """Return the content of a file's bytes, letters composed, and what is told of it."""
    decoded = decode(data, file=name)
    try:
        content = _composed(yaml.load(decoded.text, Loader=PlainLoader))  # noqa: S506 - a SafeLoader
        json.dumps(content)
    except (yaml.YAMLError, TypeError, ValueError, RecursionError) as error:
        raise InputError(
            _("%(name)s: expected a YAML or JSON file, found %(problem)s.")
            % {"name": name, "problem": " ".join(str(error).split())}
        ) from error
    if not isinstance(content, dict):
        raise InputError(_("%(name)s: expected named fields, found none.") % {"name": name})
    return InstrumentFile(content, decoded.remarks)


def _composed(content: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Return a content with composed letters; its spaces are the author's."""
    if isinstance(content, str):
        return unicodedata.normalize("NFC", content)
    if isinstance(content, dict):
        return {_composed(key): _composed(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_composed(value) for value in content]
    return content


def instrument_file(content: Mapping[str, Any], *, kind: str) -> bytes:
    """Return a content as a YAML or JSON file that read_content() takes back."""
    if kind == "json":
        return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
    text: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
    return text.encode()
