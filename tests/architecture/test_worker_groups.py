"""Tests that share a scene run in one worker, which makes it once."""

import os

import pytest


@pytest.mark.xdist_group("a group")
def test_workers_know_of_groups(request: pytest.FixtureRequest) -> None:
    suffix = "@a group" if "PYTEST_XDIST_WORKER" in os.environ else ""

    assert request.node.nodeid == (
        f"tests/architecture/test_worker_groups.py::test_workers_know_of_groups{suffix}"
    )
