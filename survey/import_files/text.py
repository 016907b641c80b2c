"""Bytes as text: which encoding each line has, and what was guessed."""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from survey.import_files.characters import BYTE_ORDER_MARK, garbled_as
from survey.import_files.problems import FileProblemsError, Problem, Remark, lines_told, refusal

BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OLD_WORKBOOK_MAGIC: Final = b"\xd0\xcf\x11\xe0"  # xls, and any workbook with a password
WESTERN: Final = "Windows-1252"
# Both parts of a CR LF belong to one end; old Macintosh files have CR alone.
LINE_ENDS: Final = re.compile(rb"\r\n|\r|\n")
MARKS: Final = re.compile(f"(^|(?<=[\r\n])){BYTE_ORDER_MARK}+")
LETTERS: Final = re.compile(r"[^\W\d_]*[^\x00-\x7f]\w*")
WORDS: Final = re.compile(r"[^\s;,\"']+")
EXAMPLES: Final = 3  # words with guessed letters that a remark shows


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A file's text without byte-order marks, what it was read as, and what is told of that."""

    text: str
    encoding: str
    remarks: tuple[Remark, ...] = ()


def decode(data: bytes, *, file: str) -> DecodedText:
    """Return the text of UTF-8, UTF-16 or Windows-1252 bytes; a file may mix the first and last."""
    if data.startswith(OLD_WORKBOOK_MAGIC):
        expected = _("a CSV or XLSX file")
        raise refusal(file, expected, _("a workbook of the old kind or with a password"))
    found = _of_wide(data, file) or _of_lines(data, file)
    if "\x00" in found.text:
        raise refusal(file, _("text"), _("a binary file"))
    text = without_marks(found.text)
    if not text.strip():
        raise refusal(file, _("a heading and at least one row below it"), _("an empty file"))
    return DecodedText(text, found.encoding, (*found.remarks, *_garbled(text, file)))


def without_marks(text: str) -> str:
    """Return a text without byte-order marks, at the start of any line: files are joined too."""
    return MARKS.sub("", text)


def _of_wide(data: bytes, file: str) -> DecodedText | None:
    """Return the text of UTF-16, None for anything else."""
    encoding = _wide_encoding(data)
    if encoding is None:
        return None
    try:
        return DecodedText(data.decode(encoding), "UTF-16")
    except UnicodeDecodeError as error:
        raise _no_text(data, error.start, file) from error


def _wide_encoding(data: bytes) -> str | None:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return encoding if encoding == "utf-16" else None
    # Western text in UTF-16 without a mark has a zero in every other byte.
    if data[:200:2].count(0) > len(data[:200:2]) / 2:
        return "utf-16-be"
    if data[1:200:2].count(0) > len(data[1:200:2]) / 2:
        return "utf-16-le"
    return None


def _of_lines(data: bytes, file: str) -> DecodedText:
    """Return text of which every line is UTF-8, or Windows-1252 where it cannot be UTF-8."""
    try:
        return DecodedText(data.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        pass
    texts: list[str] = []
    guessed: dict[int, str] = {}
    has_utf8 = False
    for number, (begin, end) in enumerate(_line_places(data), start=1):
        line = data[begin:end]
        try:
            texts.append(line.decode("utf-8"))
            has_utf8 = has_utf8 or not line.isascii()
        except UnicodeDecodeError as failed:
            try:
                texts.append(line.decode("cp1252"))
            except UnicodeDecodeError as error:
                raise _no_text(data, begin + max(error.start, failed.start), file) from error
            guessed[number] = texts[-1]
    encoding = _("UTF-8 and Windows-1252") if has_utf8 else WESTERN
    return DecodedText("".join(texts), encoding, (_guess(guessed, file, is_mixed=has_utf8),))


def _line_places(data: bytes) -> Sequence[tuple[int, int]]:
    ends = [match.end() for match in LINE_ENDS.finditer(data)]
    return list(zip([0, *ends], [*ends, len(data)], strict=True))


def _guess(lines: dict[int, str], file: str, *, is_mixed: bool) -> Remark:
    words = dict.fromkeys(word for line in lines.values() for word in LETTERS.findall(line))
    told_words = ", ".join(list(words)[:EXAMPLES]) or _("each letter")
    reason = _("the others as UTF-8") if is_mixed else _("since the file is not UTF-8")
    said = _("%(lines)s read as %(encoding)s, %(reason)s; please look whether %(words)s is right")
    told = {"lines": lines_told(lines), "encoding": WESTERN, "words": told_words, "reason": reason}
    return Remark(file, 0, 0, "", said % told)


def _garbled(text: str, file: str) -> tuple[Remark, ...]:
    """Tell of words whose UTF-8 somebody before us took for Windows-1252, and stored so."""
    if text.isascii():
        return ()
    for number, line in enumerate(re.split("\r\n|\r|\n", text), start=1):
        for word in () if line.isascii() else WORDS.findall(line):
            meant = garbled_as(word)
            if meant:
                said = _("%(found)s looks like %(meant)s, stored in a wrong encoding") % {
                    "found": repr(word[:60]), "meant": repr(meant[:60])
                }  # fmt: skip
                return (Remark(file, number, 0, "", said),)
    return ()


def _no_text(data: bytes, place: int, file: str) -> FileProblemsError:
    line = len(LINE_ENDS.findall(data[:place])) + 1
    expected = _("text in UTF-8, UTF-16 or Windows-1252")
    found = _("the byte 0x%02X, which none of them has here") % data[place]
    return FileProblemsError([Problem(file, line, 0, "", expected, found)])
