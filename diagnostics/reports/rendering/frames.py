"""How markup and documents travel through the pipes between a worker and its renderers."""

import struct
from typing import IO, Final

HEADER: Final = struct.Struct(">cQ")  # what the frame holds, and how many bytes follow
MARKUP: Final = b"M"
DOCUMENT: Final = b"D"
LETTERS: Final = b"L"  # before a document: those without a glyph
REFUSAL: Final = b"R"
ROWS_A_SECOND: Final = 40  # of tables, on a slow machine; a company of 3,000 units has as many


def further_seconds(markup: str) -> int:
    """Return what computing a document of many rows takes beside that of an ordinary one.

    Rows alone count: what stands in them is escaped, so no text of whatever length counts as one.
    """
    return markup.count("<tr") // ROWS_A_SECOND


def write_frame(stream: IO[bytes], kind: bytes, content: bytes) -> None:
    """Send one frame whole."""
    stream.write(HEADER.pack(kind, len(content)))
    stream.write(content)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[bytes, bytes]:
    """Return the next frame's kind and content, or raise EOFError where the other side is gone."""
    kind, length = HEADER.unpack(_read_exactly(stream, HEADER.size))
    return kind, _read_exactly(stream, length)


def _read_exactly(stream: IO[bytes], length: int) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise EOFError(f"expected {length} bytes, found {len(content)}")
    return content
