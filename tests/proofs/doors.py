"""Proof 6: guessed links."""

import random
import secrets
from collections.abc import Iterator

from survey.models import Invitation
from survey.sealing.tokens import token_hash
from survey.selectors.respondents import find_respondent
from tests.proofs.figures import Figure, Size, exactly
from tests.survey.small_campaign import SmallCampaign, open_small_campaign

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
THROUGH_THE_DOOR = 500  # guesses that go all the way to the database


def measure(size: Size) -> list[Figure]:
    """Guess links, at random and by changing real ones."""
    small = open_small_campaign(invitations=size.of(20, 2_000))
    return guesses(small, size.of(2_000, 1_000_000), size.of(200, 100_000))


def guesses(small: SmallCampaign, random_ones: int, mutated: int) -> list[Figure]:
    """Compare guesses with every stored hash, and send some through the door."""
    stored = {bytes(one) for one in Invitation.objects.values_list("token_hash", flat=True)}
    chance = random.Random(5)
    tries = [*_random_tokens(random_ones), *_mutated(small.tokens, mutated, chance)]
    hits = sum(token_hash(token) in stored for token in tries)
    through = chance.sample(tries, THROUGH_THE_DOOR)
    return [
        exactly(f"hits of {len(tries):,} guessed links on {len(stored):,} invitations", hits, 0),
        exactly(
            f"guests let in by {len(through)} of them",
            sum(find_respondent(token) is not None for token in through),
            0,
        ),
        exactly("own links that open", sum(map(_opens, small.tokens[:20])), 20),
    ]


def _opens(token: str) -> bool:
    return find_respondent(token) is not None


def _random_tokens(number: int) -> Iterator[str]:
    for _ in range(number):
        bits = secrets.randbits(160)
        yield "".join(ALPHABET[bits >> 5 * place & 31] for place in range(32))


def _mutated(tokens: list[str], number: int, chance: random.Random) -> Iterator[str]:
    """Yield real tokens with one letter changed."""
    for _ in range(number):
        token, place = chance.choice(tokens), chance.randrange(32)
        other = chance.choice([letter for letter in ALPHABET if letter != token[place]])
        yield token[:place] + other + token[place + 1 :]
