"""The renderer's own process: markup in, document out, under limits, until its input ends.

Run as `python -m diagnostics.reports.rendering.child MEMORY CPU`: bytes of address space, and
seconds a document.
It knows no settings, no database and no secret; only what its parent sends.
"""

import logging
import math
import os
import resource
import sys
import time
from typing import BinaryIO, Final

from diagnostics.reports.rendering.errors import RenderError
from diagnostics.reports.rendering.frames import (
    DOCUMENT,
    LETTERS,
    REFUSAL,
    further_seconds,
    read_frame,
    write_frame,
)
from diagnostics.reports.rendering.render import render_pdf

LARGEST_FILE: Final = 16 * 1024 * 1024  # bytes; the font configuration writes small files
LOUDNESS: Final = logging.ERROR  # both tell every step of every page that they make


def main() -> None:
    """Answer every frame of markup with a document or with the reason of a refusal."""
    memory, seconds = (int(argument) for argument in sys.argv[1:])
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(LOUDNESS)
    answers = _own_output()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            _, markup = read_frame(sys.stdin.buffer)
        except EOFError:
            return
        text = markup.decode()
        _allow_cpu(seconds + further_seconds(text))
        _answer(answers, text)


def _own_output() -> BinaryIO:
    """Keep the pipe to the parent for answers, so that nothing a library prints gets into it."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _allow_cpu(seconds: int) -> None:
    """Let the next document use so many seconds; the system's limit counts from the start."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + seconds, most))


def _answer(answers: BinaryIO, markup: str) -> None:
    try:
        document = render_pdf(markup)
    except RenderError as error:
        write_frame(answers, REFUSAL, str(error).encode())
    except MemoryError:
        sys.exit("the document needs more memory than a renderer may have")
    else:
        write_frame(answers, LETTERS, document.missing_letters.encode())
        write_frame(answers, DOCUMENT, document)


if __name__ == "__main__":
    main()
