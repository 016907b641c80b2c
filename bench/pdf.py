"""Time unit reports of the demonstration: cold, warm, by part, and in a batch on every core.

Run: make bench NAME=pdf (writes bench/pdf.md)
"""

import os
import re
import resource
import time
from collections.abc import Callable
from io import BytesIO

import django
from pypdf import PdfReader

from bench.timing import seconds_of, shown, write_table

BATCH = 200  # unit reports of a large organisation
PICTURE = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


def wall_seconds(run: Callable[[], object]) -> float:
    """Seconds by the clock of one run; children's work counts only so."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def main() -> None:
    """Write the table."""
    os.environ.setdefault("DEBUG", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diagnostics.settings")
    django.setup()
    # Only now: the texts that these modules mark for translation ask for the settings as they load.
    from diagnostics.reports.rendering.processes import RenderPool
    from diagnostics.reports.rendering.render import render_pdf

    keys, markup = _demonstration()
    markups = [markup(key) for key in keys]
    longest = max(markups, key=lambda text: len(PdfReader(BytesIO(render_pdf(text))).pages))
    pages = len(PdfReader(BytesIO(render_pdf(longest))).pages)
    warm = seconds_of(lambda: render_pdf(longest), enough=6)
    bare = seconds_of(lambda: render_pdf(PICTURE.sub("", longest)), enough=6)
    making = seconds_of(lambda: markup(keys[0]))
    single, pool = RenderPool(1), RenderPool(len(os.sched_getaffinity(0)))
    cold = wall_seconds(lambda: single.render(longest))
    single.close()
    many = [markups[number % len(markups)] for number in range(BATCH)]
    batch = wall_seconds(lambda: list(pool.render_each(many)))
    pool.close()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    rows = [
        (f"unit report of {pages} pages, warm, CPU", shown(warm)),
        ("the same without its charts, CPU", shown(bare)),
        ("with charts against without", f"{warm / bare:.2f} x"),
        ("pages a second, one warm process", f"{pages / warm:.1f}"),
        ("its words and markup, CPU", shown(making)),
        ("first report of a new process, by the clock", shown(cold)),
        (f"{BATCH} reports on {pool.size} cores, by the clock", shown(batch)),
        ("most memory of a renderer", f"{peak:.0f} MB"),
    ]
    write_table(
        "pdf",
        "Rendering unit reports",
        ["What", "Measured"],
        rows,
        "Aims: 0.8 s CPU for a six-page report warm, at most 1.2 times the same pages without "
        "charts, 200 reports in 120 s on two free cores. Times by the clock depend on what else "
        "the machine does; CPU times hardly.",
    )


def _demonstration() -> tuple[list[str], Callable[[str], str]]:
    """Return the units that have a verdict, and what makes the markup of a unit's report."""
    from diagnostics.demonstration.assessing import assess_population
    from diagnostics.demonstration.design import DEFAULT_SEED
    from diagnostics.reports.documents import unit_markup
    from diagnostics.results.wording.unit import unit_reading
    from diagnostics.wording.page_parts import Setting

    setting = Setting(
        organisation="Northlight",
        campaign="Benchmark",
        created_on="2026-01-01",
        is_demonstration=True,
        data_origin="benchmark",
        instrument="benchmark",
        instrument_origin="default",
        software_version="0",
        release_digest="0" * 64,
        result_digest="0" * 64,
    )
    result = assess_population(DEFAULT_SEED)
    keys = [unit.unit for unit in result.units[1:] if unit.own_diagnosis]

    def markup(key: str) -> str:
        return unit_markup(unit_reading(result, key, setting=setting, language="en"))

    return keys, markup


if __name__ == "__main__":
    main()
