"""What becomes of each table and file when a campaign's answers are deleted, and why.

A test walks everything that can be reached from a campaign, and every field that holds files or
bytes, and fails where no rule says what becomes of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Fate(Enum):
    """What the deletion of the answers does to a table or a file."""

    DELETED = "rests on single answers and is deleted with them"
    REDUCED = "loses what it holds of single answers and keeps what all of them say together"
    KEPT = "holds nothing of single answers"


@dataclass(frozen=True, slots=True)
class RowRule:
    """The fate of one table or file, and the reason for it."""

    fate: Fate
    reason: str


def deleted(reason: str) -> RowRule:
    """Return the rule of what rests on single answers."""
    return RowRule(Fate.DELETED, reason)


def reduced(reason: str) -> RowRule:
    """Return the rule of what keeps its totals."""
    return RowRule(Fate.REDUCED, reason)


def kept(reason: str) -> RowRule:
    """Return the rule of what holds nothing of single answers."""
    return RowRule(Fate.KEPT, reason)


RULES: Final[Mapping[str, RowRule]] = {
    "survey.AskedChange": kept("what waits for a second word, an address at most, never an answer"),
    "survey.BackgroundCount": kept("counts of the whole company, of ten people or more"),
    "survey.Ballot": kept("sealed answers, deleted when the ballots are opened"),
    "survey.Ballot.box": kept("as its table"),
    "survey.Campaign": kept("what the launch fixed: times, thresholds, texts"),
    "survey.CampaignKey": kept("public halves; the private key is destroyed after the opening"),
    "survey.CampaignKey.canary": kept("a ballot with known content, of nobody"),
    "survey.CampaignKey.handover": kept("a sealed passphrase of a key that is destroyed"),
    "survey.CampaignKey.handover_key": kept("a public key"),
    "survey.CampaignKey.passphrase_check": kept("a check that opens nothing"),
    "survey.CampaignKey.passphrase_salt": kept("random bytes"),
    "survey.CampaignKey.public_key": kept("a public key"),
    "survey.CampaignLogo": kept("a picture of who asks"),
    "survey.CampaignLogo.image": kept("as its table"),
    "survey.CampaignUnit": kept("units as they were at the launch"),
    "survey.Draft": kept("encrypted for the link's holder, deleted when the ballots are opened"),
    "survey.Draft.ciphertext": kept("as its table"),
    "survey.Draft.id": kept("as its table"),
    "survey.DraftAuthor": kept("who entered people of a draft; gone with the launch"),
    "survey.DraftHeadCount": kept("numbers of people to come; gone with the launch"),
    "survey.HeadCount": kept("how many were planned at the launch, never who answered"),
    "survey.HeadCountConfirmation": kept("who confirmed those numbers, and on which day"),
    "survey.Invitation": kept("no answer; deleted when the ballots are opened"),
    "survey.Invitation.code_box": kept("as its table"),
    "survey.Invitation.code_hash": kept("as its table"),
    "survey.Invitation.token_hash": kept("as its table"),
    "survey.LaterReader": kept("who was given a role or a unit after the launch, never an answer"),
    "survey.LedgerEntry": kept("who did what and when, with unit and function, never an answer"),
    "survey.Message": kept(
        "no answer; those to respondents are deleted when the ballots are opened, and which leader "
        "was told of results stays"
    ),
    "survey.Participation": kept("bands of how many answered"),
    "survey.Pool": kept("sizes of five answers or more"),
    "survey.Recipient": kept("no answer; deleted two weeks after close"),
    "survey.RefusedChange": kept("that a change was refused, never an address or an answer"),
    "survey.Release": kept("counts of the whole company and a fingerprint"),
    "survey.ReleaseCell": kept("released figures, of five answers or more"),
    "survey.ReleasedSet": kept("unions of whole pools"),
    "survey.Response": deleted("the answers themselves"),
    "survey.RowFile": kept("names of files; each goes once its file is gone"),
    "survey.TrialMail": kept("no answer; deleted two weeks after close"),
    "survey.UnitPlan": kept("units and leaders to come, never an answer; gone with the launch"),
    "survey.UnitReport": kept("no answer; deleted when the ballots are opened"),
    "survey.Upload": kept("files of units and people, never of answers"),
    "survey.Upload.people_file": kept("as its table"),
    "survey.Upload.units_file": kept("as its table"),
    "survey.WipeDelay": kept("that deleted rows are not wiped yet, since when, and why"),
}
