"""Tables of the survey app; docs/privacy.md says what each must not hold."""

from survey.models.accounts import Leadership, Membership, Role, User
from survey.models.asked_changes import AskedChange, RefusedChange
from survey.models.ballots import Ballot, Draft
from survey.models.campaigns import (
    Campaign,
    CampaignKey,
    CampaignLogo,
    CampaignState,
    CampaignUnit,
    KeyProblem,
    LaunchProblem,
    Participation,
)
from survey.models.form_uses import FormUse
from survey.models.head_counts import (
    DraftAuthor,
    DraftHeadCount,
    HeadCount,
    HeadCountConfirmation,
)
from survey.models.instruments import InstrumentVersion, Origin
from survey.models.invitations import IN_BANDS, Invitation, Recipient, Standing, UnitReport
from survey.models.later_readers import LaterReader
from survey.models.ledger import Action, Concern, LedgerEntry, Who, known_action
from survey.models.mail_troubles import MailboxDay, MailTrouble
from survey.models.messages import Message, MessageState
from survey.models.organisation import Function, Organisation, Unit
from survey.models.pending_wipes import PendingWipe
from survey.models.releases import (
    BackgroundCount,
    Pool,
    Release,
    ReleaseCell,
    ReleasedSet,
    Response,
    RowFile,
)
from survey.models.trial_mails import TrialMail
from survey.models.unit_plans import UnitPlan
from survey.models.uploads import Upload
from survey.models.wipe_delays import WipeDelay

__all__ = [
    "IN_BANDS",
    "Action",
    "AskedChange",
    "BackgroundCount",
    "Ballot",
    "Campaign",
    "CampaignKey",
    "CampaignLogo",
    "CampaignState",
    "CampaignUnit",
    "Concern",
    "Draft",
    "DraftAuthor",
    "DraftHeadCount",
    "FormUse",
    "Function",
    "HeadCount",
    "HeadCountConfirmation",
    "InstrumentVersion",
    "Invitation",
    "KeyProblem",
    "LaterReader",
    "LaunchProblem",
    "Leadership",
    "LedgerEntry",
    "MailTrouble",
    "MailboxDay",
    "Membership",
    "Message",
    "MessageState",
    "Organisation",
    "Origin",
    "Participation",
    "PendingWipe",
    "Pool",
    "Recipient",
    "RefusedChange",
    "Release",
    "ReleaseCell",
    "ReleasedSet",
    "Response",
    "Role",
    "RowFile",
    "Standing",
    "TrialMail",
    "Unit",
    "UnitPlan",
    "UnitReport",
    "Upload",
    "User",
    "Who",
    "WipeDelay",
    "known_action",
]
