"""The forge that runs the checks may read and nothing else, and knows nothing that they do not."""

import re

import yaml

from tests.architecture.test_imports import ROOT

WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
(JOB,) = WORKFLOW["jobs"].values()


def test_the_workflow_may_only_read() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert "permissions" not in JOB
    assert "${{ secrets." not in str(WORKFLOW)
    assert JOB["steps"][0]["with"] == {"persist-credentials": False}


def test_the_workflow_runs_what_everybody_can_run_and_pins_what_it_uses() -> None:
    used = [step["uses"] for step in JOB["steps"] if "uses" in step]

    assert [step["run"].split()[-1] for step in JOB["steps"] if "run" in step] == [".ci/run"]
    assert used
    assert [name for name in used if not re.fullmatch(r"[\w/-]+@v\d+\.\d+\.\d+", name)] == []


def test_the_oldest_python_that_is_promised_is_tried() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (oldest,) = re.findall(r'requires-python = ">=([\d.]+)"', text)

    assert JOB["strategy"]["matrix"]["python"][0] == oldest
