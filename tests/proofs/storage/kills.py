"""Proof 4, opening: killed before any of its statements, it happened once or not at all."""

import signal
from collections.abc import Callable
from typing import Any

import numpy as np
from django.db import connection

from survey.models import Ballot, Campaign, CampaignKey, CampaignState, Response
from survey.sealing import key_files
from survey.services.opening.opening import open_campaign
from tests.proofs.figures import Figure, Size, exactly
from tests.survey.child_processes import killed_opening
from tests.survey.opening.opening_scenes import ClosedCampaign, closed_campaign

Execute = Callable[..., Any]
POINTS_OF_STATEMENTS = 20
KEPT = 28  # answers of the scene that are released


def measure(size: Size) -> list[Figure]:
    """Kill an opening before its first, its last and statements between; then open again."""
    closed = closed_campaign(seed=0)
    statements = count_statements(lambda: open_campaign(campaign_id=closed.campaign.pk))
    number = size.of(4, POINTS_OF_STATEMENTS)
    points = np.linspace(1, statements, number).astype(int).tolist()
    half = lost = unfinished = keys_early = 0
    for seed, point in enumerate(points, start=1):
        scene = closed_campaign(seed=seed)
        kill_at(point, scene)
        state = seen(scene)
        half += state not in (("closed", KEPT, 0, True), ("released", 0, KEPT, True),
                              ("released", 0, KEPT, False))  # fmt: skip
        keys_early += state[0] == "closed" and not state[3]
        open_campaign(campaign_id=scene.campaign.pk)
        released = seen(scene)
        lost += KEPT - released[2]
        unfinished += released != ("released", 0, KEPT, False) or key_is_noted(scene)
    return [
        exactly(f"openings killed, of {statements} statements each", number, len(points)),
        exactly("openings found half done", half, 0),
        exactly("keys destroyed before the release was there", keys_early, 0),
        exactly("answers lost or doubled after the second try", lost, 0),
        exactly("openings that the second try did not finish", unfinished, 0),
    ]


def count_statements(action: Callable[[], object]) -> int:
    """Return how many statements an action sends to the database."""
    number = 0

    def count(execute: Execute, *arguments: object) -> object:
        nonlocal number
        number += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        action()
    return number


def kill_at(point: int, scene: ClosedCampaign) -> None:
    """Open in a process of its own that is killed right before one of its statements."""
    code = killed_opening(scene.campaign.pk, str(point))
    if code not in (0, -signal.SIGKILL):
        raise ChildProcessError(f"Opening: expected a kill or an end, found {code}.")


def seen(scene: ClosedCampaign) -> tuple[str, int, int, bool]:
    """Return state, ballots, rows, and whether the key is there."""
    campaign = Campaign.objects.get(pk=scene.campaign.pk)
    return (
        CampaignState(campaign.state).value,
        Ballot.objects.filter(campaign=campaign).count(),
        Response.objects.filter(campaign=campaign).count(),
        key_files.find(campaign.pk) is not None,
    )


def key_is_noted(scene: ClosedCampaign) -> bool:
    """Tell whether the database still believes in a key."""
    return CampaignKey.objects.get(campaign=scene.campaign).destroyed_at is None
