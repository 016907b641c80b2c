"""Who may import whom; imports inside functions count like all others."""

import subprocess
import sys

import pytest

from tests.architecture.sources import (
    PACKAGES,
    imported_modules,
    imported_names,
    modules,
    modules_of,
)
from tests.places import ROOT

MAY_IMPORT = {
    "qca": {"qca"},
    "survey": {"survey"},
    "diagnostics": {"diagnostics", "survey", "qca"},
}
QCA_LIBRARIES = {"numpy", "pandas", "scipy"}
# What a room of qca stands on, besides errors, inputs and bootstrap.
ROOMS_OF_QCA: dict[str, set[str]] = {
    "sets": set(),
    "calibration": {"sets"},
    "truth_tables": {"sets"},
    "necessary_conditions": {"sets", "truth_tables"},
    "minimisation": {"sets", "truth_tables"},
    "robustness": {"sets", "calibration", "truth_tables", "minimisation"},
    "patterns": {"sets", "calibration", "evidence"},
    "psychometrics": set(),
    "pooling": set(),
    "planning": {"calibration", "patterns", "pooling"},
    "evidence": {"sets", "truth_tables", "minimisation", "robustness"},
}
# Layers from the bottom up, whatever room they are in: each knows only those before it.
LAYERS = ("models", "access", "wording", "selectors", "services", "forms", "views", "urls")
# Rooms that hold services only, without a folder of that name.
ROOMS_OF_SERVICES: dict[str, set[str] | None] = {
    "survey.mail": {"outbox", "sending", "bounces"},
    "diagnostics.jobs": None,
}
# Rooms of diagnostics that know numbers and geometry, and no Django.
PURE_ROOMS = ("scoring", "analyses", "charts")
# With one of these a module would send mails itself, and try again by rules of its own.
SENDING = {
    "django.core.mail.get_connection",
    "django.core.mail.send_mail",
    "survey.mail.sending.mail_server",
    "survey.mail.sending.try_to_send",
}
# What may be imported inside a function, and why; everything else stands at the top.
LATE_IMPORTS = {
    "survey.apps": "a receiver needs the models that Django has loaded by then",
    "diagnostics.apps": "receivers and checks need the models that Django has loaded by then",
    "diagnostics.receivers": "most commands need no numpy, and start in half the time without it",
    "diagnostics.project.catalogues": "settings are read where polib is not installed yet",
    "diagnostics.project.connections": "the driver is there where PostgreSQL is used",
}


def _layer(module: str) -> str | None:
    parts = module.split(".")
    if module.startswith("diagnostics.wording."):
        return None  # what all rooms say alike, models included
    for room, members in ROOMS_OF_SERVICES.items():
        inside = module.removeprefix(f"{room}.")
        if inside != module and (members is None or inside in members):
            return "services"
    return next((part for part in parts[1:] if part in LAYERS), None)


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_only_what_lies_below_them(package: str) -> None:
    wrong = [
        f"{name} imports {other}"
        for name, path in modules_of(package).items()
        for other in imported_modules(path)
        if other.split(".")[0] not in MAY_IMPORT[package]
    ]

    assert wrong == []


def test_qca_needs_numpy_pandas_and_scipy_only() -> None:
    foreign = {
        name.split(".")[0]
        for path in modules_of("qca").values()
        for name in imported_names(path)
        if name.split(".")[0] not in sys.stdlib_module_names
    }

    assert foreign - {"qca"} == QCA_LIBRARIES


def test_every_room_of_qca_stands_on_the_rooms_below_it() -> None:
    rooms = {name.split(".")[1] for name in modules() if name.count(".") > 1 and name[:3] == "qca"}
    wrong = [
        f"{name} imports {other}"
        for room, below in ROOMS_OF_QCA.items()
        for name, path in modules_of(f"qca.{room}").items()
        for other in imported_modules(path)
        if other.count(".") > 1 and other.split(".")[1] not in {room, *below}
    ]

    assert (rooms, wrong) == (set(ROOMS_OF_QCA), [])


@pytest.mark.parametrize("package", ["survey", "diagnostics"])
def test_a_layer_knows_only_lower_layers_in_every_room(package: str) -> None:
    wrong = [
        f"{name} imports {other}"
        for name, path in modules_of(package).items()
        if (layer := _layer(name)) is not None
        for other in imported_modules(path)
        if (below := _layer(other)) is not None and LAYERS.index(below) > LAYERS.index(layer)
    ]

    assert wrong == []


@pytest.mark.parametrize("room", PURE_ROOMS)
def test_numbers_and_geometry_know_no_django(room: str) -> None:
    wrong = [
        f"{name} imports {other}"
        for name, path in modules_of(f"diagnostics.{room}").items()
        for other in imported_names(path)
        if other.split(".")[0] == "django"
    ]

    assert wrong == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    arrows = {name: imported_modules(path) for name, path in modules().items()}

    assert _circle(arrows) == []


def test_imports_inside_functions_are_those_with_a_reason() -> None:
    late = {
        name
        for name, path in modules().items()
        if list(imported_names(path, only_inside_functions=True))
    }

    assert late == set(LATE_IMPORTS)


def test_no_process_but_the_renderer_loads_weasyprint() -> None:
    script = (
        "import django, sys; django.setup();"
        "import diagnostics.urls, diagnostics.jobs.worker, survey.tasks, diagnostics.tasks;"
        "print(sorted({'weasyprint', 'pydyf'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.returncode) == ("[]\n", 0)


def test_mails_leave_through_the_outbox_only() -> None:
    senders = {
        name
        for name, path in modules().items()
        if set(imported_names(path)) & SENDING or "BACKOFF" in path.read_text(encoding="utf-8")
    }

    assert senders == {"survey.mail.sending", "survey.mail.outbox"}


def test_responses_are_read_by_the_opening_and_the_two_doors_only() -> None:
    readers = {
        name
        for name, path in modules().items()
        if not name.startswith(("qca", "survey.models"))
        and "Response" in {member.split(".")[-1] for member in imported_names(path)}
    }

    assert readers == {
        "survey.services.opening.opening",
        "survey.services.retention.deletion",
        "survey.selectors.releases",
    }


def test_rows_reach_the_scoring_of_the_worker_only() -> None:
    users = {
        name
        for name, path in modules().items()
        if "released_rows" in path.read_text(encoding="utf-8")
        and not name.startswith("survey.selectors")
    }

    assert users == {
        "diagnostics.results.services.assessments",
        "diagnostics.workbench.services.analyses",
        "diagnostics.downloads.services.answers",
        "diagnostics.measurement.services",
    }


def _circle(arrows: dict[str, set[str]]) -> list[str]:
    """Return one circle of imports, or nothing."""
    finished: set[str] = set()

    def walk(name: str, trail: list[str]) -> list[str]:
        if name in trail:
            return [*trail[trail.index(name) :], name]
        if name in finished:
            return []
        for other in sorted(arrows[name]):
            if circle := walk(other, [*trail, name]):
                return circle
        finished.add(name)
        return []

    return next((circle for name in sorted(arrows) if (circle := walk(name, []))), [])
