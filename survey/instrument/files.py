"""Instrument files that ship with the product, and their fingerprint."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from survey.errors import InputError

INSTRUMENT_DIR = Path(__file__).resolve().parent.parent / "instruments"
DEFAULT_INSTRUMENT = INSTRUMENT_DIR / "rutin-core-1.yaml"


class PlainLoader(yaml.SafeLoader):
    """Reads YAML without aliases: a few lines of them can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse an alias where it stands."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="an alias", problem_mark=mark)
        return super().compose_node(parent, index)


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
    try:
        content = yaml.load(data.decode("utf-8-sig"), Loader=PlainLoader)  # noqa: S506 - a SafeLoader
        json.dumps(content)
    except (UnicodeDecodeError, yaml.YAMLError, TypeError, ValueError, RecursionError) as error:
        raise InputError(
            _("%(name)s: expected a YAML or JSON file, found %(problem)s.")
            % {"name": name, "problem": " ".join(str(error).split())}
        ) from error
    if not isinstance(content, dict):
        raise InputError(_("%(name)s: expected named fields, found none.") % {"name": name})
    return content


def instrument_file(content: Mapping[str, Any], *, kind: str) -> bytes:
    """Return a content as a YAML or JSON file that read_content() takes back."""
    if kind == "json":
        return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
    text: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
    return text.encode()
