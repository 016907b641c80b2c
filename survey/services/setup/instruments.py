"""Questionnaire versions: loaded, copied, changed while nobody uses them, read from a file."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext

from survey.documents.canonical_json import content_digest
from survey.errors import FrozenError, InputError
from survey.instrument import editing
from survey.instrument.content import parse_instrument
from survey.instrument.files import (
    DEFAULT_INSTRUMENT,
    SHIPPED_INSTRUMENTS,
    InstrumentFile,
    read_instrument_file,
    read_told_content,
    shipped_identity,
)
from survey.instrument.shape import shape_problems
from survey.models import InstrumentVersion, Organisation, Origin, User

MOST_PROBLEMS = 20  # told at once; a file that fits nowhere would give hundreds


Change = Callable[[Mapping[str, Any]], dict[str, Any]]


def load_default_instrument() -> InstrumentVersion:
    """Return the default questionnaire; whatever ships and is not there yet is saved now."""
    shipped = {path: _load_shipped(path) for path in SHIPPED_INSTRUMENTS}
    return shipped[DEFAULT_INSTRUMENT]


def _load_shipped(path: Path) -> InstrumentVersion:
    """Return one that ships; its file is read only where the version is not there."""
    code, number = shipped_identity(path)
    known = InstrumentVersion.objects.filter(organisation=None, code=code, version=number).first()
    if known is not None:
        return known
    content = read_instrument_file(path)
    version, _ = InstrumentVersion.objects.get_or_create(
        organisation=None,
        code=code,
        version=number,
        defaults={
            "title": _title(content),
            "content": content,
            "digest": content_digest(content),
        },
    )
    return version


@transaction.atomic
def copy_instrument(
    *, version: InstrumentVersion, organisation: Organisation, by: User
) -> InstrumentVersion:
    """Return a new version with the same content, which the organisation may change.

    Content from before a rule of today is refused with what is wrong: a campaign with it could
    not be launched.
    """
    _require_sound(version.content)
    return _create(dict(version.content), organisation=organisation, by=by)


def import_instrument(
    *, organisation: Organisation, by: User, name: str, data: bytes
) -> InstrumentVersion:
    """Return a new version read from a YAML or JSON file, or raise InputError with all problems."""
    file = read_sound_file(data, name=name)
    return keep_instrument(organisation=organisation, by=by, content=file.content)


def read_sound_file(data: bytes, *, name: str) -> InstrumentFile:
    """Return what a file holds that can be a version, or raise InputError with all problems."""
    file = read_told_content(data, name=name)
    _require_sound(file.content)
    return file


@transaction.atomic
def keep_instrument(
    *, organisation: Organisation, by: User, content: Mapping[str, Any]
) -> InstrumentVersion:
    """Return a new version with a content that was found sound."""
    return _create(dict(content), organisation=organisation, by=by)


def save_texts(
    *, version: InstrumentVersion, language: str, texts: Mapping[str, str]
) -> InstrumentVersion:
    """Set texts of one language by their places."""
    return _change(version, lambda content: editing.with_texts(content, language, texts))


def begin_language(*, version: InstrumentVersion, language: str) -> InstrumentVersion:
    """Add a language without texts yet."""
    return _change(version, lambda content: editing.with_language(content, language))


def note_check(*, version: InstrumentVersion, language: str, checked: bool) -> InstrumentVersion:
    """Note whether a native speaker has checked a language."""
    return _change(version, lambda content: editing.with_check(content, language, checked=checked))


def add_item(
    *,
    version: InstrumentVersion,
    construct: str,
    code: str,
    is_reversed: bool,
    language: str,
    text: str,
    function: str = "",
) -> InstrumentVersion:
    """Add an item at the end of a construct, for both functions or for one only."""
    return _change(
        version,
        lambda content: editing.with_item(
            content,
            construct,
            code=code,
            is_reversed=is_reversed,
            function=function,
            language=language,
            text=text,
        ),
    )


def remove_item(*, version: InstrumentVersion, construct: str, code: str) -> InstrumentVersion:
    """Take an item out of a construct."""
    return _change(version, lambda content: editing.without_item(content, construct, code))


@transaction.atomic
def _change(version: InstrumentVersion, change: Change) -> InstrumentVersion:
    """Change a version; what today's rules find wrong in it need not be mended all at once.

    Read, changed and written under the lock, as the change rests on what stands there: a few
    milliseconds for a questionnaire, which is never large.
    """
    locked = InstrumentVersion.objects.select_for_update().get(pk=version.pk)
    if not locked.is_editable:
        raise FrozenError(
            gettext("%(version)s: expected a version of your own that no campaign has used.")
            % {"version": locked}
        )
    content = change(locked.content)
    _require_sound(content, known=frozenset(shape_problems(locked.content)))
    locked.content, locked.digest = content, content_digest(content)
    locked.title = _title(content)
    locked.save(update_fields=["content", "digest", "title"])
    return locked


def _create(content: dict[str, Any], *, organisation: Organisation, by: User) -> InstrumentVersion:
    taken = InstrumentVersion.objects.filter(
        Q(organisation=organisation) | Q(organisation=None), code=content["code"]
    ).aggregate(last=Max("version"))["last"]
    content["version"] = (taken or 0) + 1
    return InstrumentVersion.objects.create(
        organisation=organisation,
        code=content["code"],
        version=content["version"],
        title=_title(content),
        origin=Origin.CUSTOM,
        author=str(by)[:120],
        content=content,
        digest=content_digest(content),
    )


def _require_sound(content: Mapping[str, Any], *, known: Collection[str] = ()) -> None:
    problems = [problem for problem in shape_problems(content) if problem not in known]
    if problems:
        raise InputError("\n".join(problems[:MOST_PROBLEMS]))
    parse_instrument(content)


def _title(content: Mapping[str, Any]) -> str:
    title: Mapping[str, str] = content["title"]
    return (title.get("en") or next(iter(title.values())))[:120]
