"""Tokens, boxes and drafts: sizes, keys, and what opens what."""

import hashlib
import secrets
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey

from survey.errors import SealError
from survey.sealing import boxes, drafts, tokens
from survey.sealing.padding import PLAINTEXT_SIZE

ANSWERS = st.dictionaries(
    st.text(max_size=12), st.one_of(st.none(), st.integers(min_value=1, max_value=7)), max_size=40
)
PRIVATE_KEY = bytes(PrivateKey(bytes(range(32))))
PUBLIC_KEY = bytes(PrivateKey(bytes(range(32))).public_key)
TOKEN = tokens.derive_token(bytes(32), UUID(int=1))


@given(ANSWERS)
def test_a_box_has_one_size_whatever_the_answers_and_opens_to_them(
    answers: dict[str, int | None],
) -> None:
    box = boxes.seal(PUBLIC_KEY, {"answers": answers})
    assert len(box) == PLAINTEXT_SIZE + 48
    assert boxes.open_box(PRIVATE_KEY, box) == {"answers": answers}


@given(ANSWERS)
def test_a_draft_has_one_size_whatever_the_answers_and_opens_to_them(
    answers: dict[str, int | None],
) -> None:
    ciphertext = drafts.seal_draft(TOKEN, {"items": answers})
    assert len(ciphertext) == PLAINTEXT_SIZE + 40
    assert drafts.open_draft(TOKEN, ciphertext) == {"items": answers}


def test_the_same_answers_never_give_the_same_box_or_draft() -> None:
    assert len({boxes.seal(PUBLIC_KEY, {"TF1": 4}) for _ in range(50)}) == 50
    assert len({drafts.seal_draft(TOKEN, {"TF1": 4}) for _ in range(50)}) == 50


def test_a_box_does_not_open_with_another_key() -> None:
    box = boxes.seal(PUBLIC_KEY, {"TF1": 4})
    with pytest.raises(SealError, match="expected a box sealed for this campaign's key"):
        boxes.open_box(secrets.token_bytes(32), box)


def test_a_draft_does_not_open_with_another_token() -> None:
    ciphertext = drafts.seal_draft(TOKEN, {"TF1": 4})
    with pytest.raises(SealError, match="expected a ciphertext under this token's key"):
        drafts.open_draft(tokens.derive_token(bytes(32), UUID(int=2)), ciphertext)


def test_a_changed_byte_anywhere_is_noticed() -> None:
    box = boxes.seal(PUBLIC_KEY, {"TF1": 4})
    for place in (0, 31, 32, 60, len(box) - 1):
        damaged = bytearray(box)
        damaged[place] ^= 1
        with pytest.raises(SealError):
            boxes.open_box(PRIVATE_KEY, bytes(damaged))


def test_answers_that_do_not_fit_are_refused_before_sealing() -> None:
    with pytest.raises(SealError, match="expected at most 4096 bytes, found 5010"):
        boxes.seal(PUBLIC_KEY, {"text": "x" * 4999})


def test_key_derivation_equals_rfc_5869_case_3() -> None:
    derived = drafts.derive_key(b"\x0b" * 22, b"")
    assert derived.hex() == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"


def test_a_token_is_the_same_every_time_and_differs_by_invitation_and_key() -> None:
    key, invitation = secrets.token_bytes(32), uuid4()
    token = tokens.derive_token(key, invitation)
    assert token == tokens.derive_token(key, invitation)
    assert tokens.is_well_formed(token)
    others = {tokens.derive_token(key, uuid4()) for _ in range(1000)}
    others |= {tokens.derive_token(secrets.token_bytes(32), invitation) for _ in range(1000)}
    assert len(others) == 2000
    assert token not in others


def test_the_names_derived_from_a_token_share_nothing() -> None:
    names = {
        drafts.draft_id(TOKEN),
        drafts.derive_key(TOKEN.encode(), b"draft-key"),
        tokens.token_hash(TOKEN),
        tokens.keyed_digest(TOKEN, "browser-label"),
    }
    assert len(names) == 4
    assert {len(name) for name in names} == {32}


def test_the_database_knows_a_token_by_its_sha_256_only() -> None:
    assert tokens.token_hash(TOKEN) == hashlib.sha256(TOKEN.encode("ascii")).digest()


def test_a_link_is_built_from_the_site_address() -> None:
    assert tokens.survey_link(TOKEN) == f"http://localhost:8000/s/{TOKEN}"
