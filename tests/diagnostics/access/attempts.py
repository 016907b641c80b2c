"""What somebody tries who may have a right: every address that it guards, and what has none."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.core import mail
from django.db import transaction
from django.urls import reverse

from diagnostics.access import ResultRight
from diagnostics.methods.selectors.definitions import pattern_set_content
from diagnostics.methods.selectors.reviews import review_set
from survey.access import CampaignRight, Right
from survey.mail.outbox import send_due_messages
from survey.models import Campaign, MailTrouble, Membership, Message, Role, User
from survey.selectors.respondents import analyst_names
from survey.services.opening.alarms import post_opening_alarms
from tests.architecture.routes import PUBLIC, every_route
from tests.diagnostics.access.role_table import INSTEAD, NO, YES
from tests.diagnostics.access.scene import PROBLEM, Scene
from tests.survey.mixed_accounts import mixed_account

TAKES: Final = {route.name: route.arguments for route in every_route()}
# Open to everybody who is signed in; what they list is what somebody has a right to.
SIGNED_IN: Final = {
    "diagnostics:home",
    "preview:code-enter",  # leads to the first page of a preview
    "survey:account-language",
    "survey:account-sign-out",
    "survey:campaign-list",
    "survey:password-change",
    "survey:password-changed",
}
# Of several rights each opens it.
SHARED: Final = {"diagnostics:download-list"}
# About no company yet: open to whoever has the right in any, and showing that company's only.
OF_NO_COMPANY: Final = {
    "diagnostics:analysis-list",
    "diagnostics:calibration-copy",  # of a rule that ships
    "diagnostics:example-take",
    "diagnostics:matrix-upload",
    "diagnostics:method-create",
    "diagnostics:method-import",
    "diagnostics:method-list",
    "survey:campaign-create",
    "survey:ledger-list",
    "survey:second-word-list",
}
OF_DRAFTS: Final = ("survey:setup-", "survey:campaign-launch", "survey:campaign-discard",
                    "survey:trial-send", "survey:head-count-enter",
                    "diagnostics:method-choose")  # fmt: skip
FILE_STEPS: Final = ("request", "cancel", "open")
CHECK_STEPS: Final = ("start", "cancel")


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for an address; where only posts are taken, a post of nothing."""

    route: str
    arguments: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    of_research: bool = False  # about the campaign that gives single answers

    def __str__(self) -> str:
        return " ".join([self.route, *map(str, self.arguments.values())])

    def __call__(self, scene: Scene, person: str) -> str:
        """Return whether the address exists for somebody; what a visit changes is undone."""
        known = scene.arguments | _places(scene, self.route) | self.arguments
        if self.of_research:
            known["campaign_id"] = scene.research.campaign.pk
        given = {name: known[name] for name in TAKES[self.route]}
        address = reverse(self.route, kwargs=given) + self.query.format(**known)
        client = scene.clients[person]
        cookies = copy(client.cookies)
        with transaction.atomic():
            answer = client.get(address)
            if answer.status_code == 405:
                answer = client.post(address)
            transaction.set_rollback(True)
        client.cookies = cookies
        assert "no-store" in answer.headers["Cache-Control"], (self.route, answer.headers)
        assert answer.status_code in {200, 204, 302, 404, 409, 422}, (self.route, answer)
        return NO if answer.status_code == 404 else YES


@dataclass(frozen=True, slots=True)
class Deed:
    """Something else that the product does for those who have a right."""

    name: str
    done_for: Callable[[Scene, str], bool | str]

    def __str__(self) -> str:
        return self.name

    def __call__(self, scene: Scene, person: str) -> str:
        """Return what the product did, in the table's words; what it changed is undone."""
        with transaction.atomic():
            found = self.done_for(scene, person)
            transaction.set_rollback(True)
        return found if isinstance(found, str) else YES if found else NO


def _places(scene: Scene, route: str) -> dict[str, Any]:
    """Return the campaign that an address is about, and the unit as its app names it."""
    if route.startswith("diagnostics:") and not route.startswith(OF_DRAFTS):
        return {"campaign_id": scene.example.campaign.pk}
    campaign = scene.draft if route.startswith(OF_DRAFTS) else scene.running
    return {"campaign_id": campaign.pk, "unit_id": scene.example.units["north"].unit_id}


def _reads_problem(scene: Scene, person: str) -> bool:
    Campaign.objects.filter(pk=scene.running.pk).update(opening_problem=PROBLEM)
    page = scene.clients[person].get(reverse("survey:campaign-stored", args=[scene.running.pk]))
    return PROBLEM in page.text


def _reads_mail_state(scene: Scene, person: str) -> bool:
    trouble = MailTrouble.objects.create(cause=PROBLEM)
    Message.objects.create(kind="of no matter", campaign=scene.running, trouble=trouble)
    return PROBLEM in scene.clients[person].get(reverse("diagnostics:home")).text


def _reads_mixed_accounts(scene: Scene, person: str) -> bool:
    unit = scene.example.units["umea"].unit
    assert unit is not None
    mixed_account(scene.organisation, unit, "mixed@example.com")
    return "mixed@example.com" in scene.clients[person].get(reverse("diagnostics:home")).text


def _is_told_of_problem(scene: Scene, person: str) -> str:
    Campaign.objects.filter(pk=scene.running.pk).update(opening_problem=PROBLEM)
    if _gets_alarm(scene, person):
        return YES
    Membership.objects.filter(role=Role.ADMINISTRATOR).delete()
    return INSTEAD if _gets_alarm(scene, person) else NO


def _gets_alarm(scene: Scene, person: str) -> bool:
    mail.outbox.clear()
    Message.objects.all().delete()
    post_opening_alarms(users=[scene.people[person]], campaign=scene.running, problem=1)
    send_due_messages()
    return [one.to for one in mail.outbox] == [[scene.people[person].email]]


def _is_named(scene: Scene, person: str) -> bool:
    return str(scene.people[person]) in analyst_names(scene.running)


def _may_consent(scene: Scene, person: str) -> bool:
    """Tell whether the page of head counts takes somebody's word where single answers are given."""
    Campaign.objects.filter(pk=scene.draft.pk).update(gives_rows=True)
    before = scene.draft.created_at - timedelta(days=1)
    User.objects.update(first_signed_in_at=before)
    page = scene.clients[person].get(reverse("survey:head-count-confirm", args=[scene.draft.pk]))
    return page.status_code == 200 and page.context["page"].may_confirm


def _reads_effect(scene: Scene, person: str) -> bool:
    assert scene.example.assessment is not None
    content = pattern_set_content(scene.example.assessment.pattern_set)
    review = review_set(
        content, organisation=scene.organisation, user=scene.people[person], language="en"
    )
    return review.effect is not None


def _downloads(*kinds: str) -> tuple[Visit, ...]:
    return tuple(
        Visit(f"diagnostics:download-{step}", {"kind": kind})
        for kind in kinds
        for step in FILE_STEPS
    )


def _visits(*names: str) -> tuple[Visit, ...]:
    return tuple(Visit(f"diagnostics:{name}") for name in names)


Attempt = Visit | Deed
_GIVEN: Final[dict[Right, tuple[Attempt, ...]]] = {
    CampaignRight.CHECK_STORAGE: (
        Visit("survey:campaign-stored"),
        Visit("survey:campaign-ledger-csv"),
        Visit("diagnostics:campaign-dossier"),
    ),
    CampaignRight.READ_LEDGER: (
        Visit("survey:ledger-list"),
        Visit("survey:organisation-ledger-csv"),
    ),
    CampaignRight.CONFIRM: (
        Visit("survey:head-count-confirm"),
        Visit("survey:second-word-list"),
        Visit("survey:later-reader-agree"),
        Visit("survey:asked-change-agree"),
        Visit("survey:asked-change-refuse"),
    ),
    CampaignRight.HOLD_PASSPHRASE: (Visit("survey:campaign-passphrase"),),
    CampaignRight.READ_OPENING_PROBLEM: (Deed("read the problem", _reads_problem),),
    CampaignRight.LOOK_AFTER_MAIL: (Deed("read the state of mail", _reads_mail_state),),
    CampaignRight.LOOK_AFTER_ROLES: (Deed("read mixed roles", _reads_mixed_accounts),),
    CampaignRight.LOOK_AFTER_DOMAINS: (Visit("survey:mail-domains-choose"),),
    CampaignRight.GET_ALARMS: (Deed("get a mail", _is_told_of_problem),),
    CampaignRight.CONSENT: (Deed("agree to single answers", _may_consent),),
    CampaignRight.READ_ROWS: (
        *(Visit(one.route, one.arguments, of_research=True) for one in _downloads("answers")),
        Deed("be named", _is_named),
    ),
    ResultRight.OPEN_COMPANY: _visits("company-detail"),
    ResultRight.OPEN_UNITS: _visits("unit-detail", "team-sheet", "unit-report", "report-request"),
    ResultRight.SEE_EVERY_UNIT: (
        *_visits("company-report", "function-comparison", "scoring-request"),
        Visit("diagnostics:further-report", {"kind": "functions"}),
        Deed("read the effect of a pattern set", _reads_effect),
    ),
    ResultRight.READ_APPENDIX: (Visit("diagnostics:further-report", {"kind": "appendix"}),),
    ResultRight.DOWNLOAD_RESULTS: _downloads("reports", "figures"),
    ResultRight.TELL_LEADERS: _visits("leaders-tell"),
    ResultRight.NOTE_ACTIONS: _visits("action-create", "action-edit"),
    ResultRight.KEEP_METHODS: _visits(
        "method-list", "method-create", "method-import", "method-detail", "method-copy",
        "calibration-copy",
    ),
    ResultRight.ANALYSE: (
        *_visits(
            "analysis-list", "analysis-detail", "analysis-copy", "analysis-cuts",
            "analysis-start", "analysis-cancel",
            "analysis-download", "analysis-create", "analysis-files", "campaign-analyse",
            "check-list", "example-take", "matrix-upload", "pattern-derive",
            "pattern-set-detail", "scale-study", "scale-study-start", "scale-study-cancel",
        ),
        Visit(
            "diagnostics:analysis-compare",
            query="?first={analysis_id}&second={analysis_id}",
        ),
        *(Visit(f"diagnostics:analysis-file-{step}", {"kind": "bundle"}) for step in FILE_STEPS),
        *(Visit(f"diagnostics:check-{step}", {"kind": "robustness"}) for step in CHECK_STEPS),
    ),
}  # fmt: skip
_ELSEWHERE: Final = (
    PUBLIC | SIGNED_IN | SHARED
    | {one.route for given in _GIVEN.values() for one in given if isinstance(one, Visit)}
)  # fmt: skip
# Whatever else there is, of whatever room, is for those who run campaigns: a new address too,
# until a line above says whose it is.
ATTEMPTS: Final[dict[Right, tuple[Attempt, ...]]] = {
    CampaignRight.RUN_CAMPAIGNS: tuple(Visit(name) for name in TAKES if name not in _ELSEWHERE),
    **_GIVEN,
}
