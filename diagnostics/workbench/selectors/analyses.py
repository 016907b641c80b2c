"""Which matrices and analyses an analyst may see; to everybody else there are none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from diagnostics.access import ResultRight
from diagnostics.documents import ANCHORS, METHOD
from diagnostics.models import Analysis, Assessment, UploadedMatrix
from diagnostics.scoring.method import Method
from survey.access import campaigns_where, organisations_where
from survey.documents.kinds import RELEASE_COUNTS
from survey.documents.refusals import unreadable_words
from survey.documents.versions import UnreadableDocumentError
from survey.models import Campaign, CampaignState, Function, Organisation, User
from survey.selectors.answer_life import deletion_words, refuse_deleted_answers

# With fewer answers the pattern test says "too few data".
FEWEST_ANSWERS: Final = 50


@dataclass(frozen=True, slots=True)
class CampaignSource:
    """The released answers of a campaign, or of one function in it, as a source of analyses."""

    campaign: Campaign
    function: str  # empty for all answers
    cases: int

    @property
    def name(self) -> str:
        """The source as pages show it."""
        label = Function(self.function).label if self.function else _("all answers")
        return f"{self.campaign}, {label}"


def analysed_organisations(user: User) -> QuerySet[Organisation]:
    """Return the organisations whose analyst the user is, by name."""
    return organisations_where(user, ResultRight.ANALYSE)


def visible_matrices(user: User) -> QuerySet[UploadedMatrix]:
    """Return the uploaded files of the user's organisations, without their content."""
    return (
        UploadedMatrix.objects.filter(organisation__in=analysed_organisations(user))
        .select_related("organisation")
        .defer("content")
    )


def visible_analyses(user: User) -> QuerySet[Analysis]:
    """Return the analyses of the user's organisations, of campaigns that are open to the user."""
    open_campaigns = campaigns_where(user, ResultRight.ANALYSE)
    return (
        Analysis.objects.filter(organisation__in=analysed_organisations(user))
        .filter(Q(campaign=None) | Q(campaign__in=open_campaigns))
        .select_related("organisation", "matrix", "campaign", "copied_from", "created_by")
        .defer("matrix__content")
    )


def ready_analyses(user: User) -> QuerySet[Analysis]:
    """Return those of the user's analyses that have a result."""
    return visible_analyses(user).filter(state=Analysis.State.DONE)


def campaign_sources(user: User) -> tuple[CampaignSource, ...]:
    """Return the sources with answers enough, not yet deleted, among the user's campaigns."""
    campaigns = campaigns_where(user, ResultRight.ANALYSE).filter(
        state=CampaignState.RELEASED,
        assessments__isnull=False,
        release__answers_end_at=None,
    )
    return tuple(
        CampaignSource(campaign, function, cases)
        for campaign in campaigns.select_related("release").distinct().order_by("-closed_at")
        for function, cases in _sizes(campaign).items()
        if cases >= FEWEST_ANSWERS
    )


def campaign_source(user: User, campaign_id: UUID, function: str) -> CampaignSource | None:
    """Return one of the user's sources; None for anything else.

    Raises AnswersDeletedError for a campaign of the user whose answers are deleted.
    """
    for campaign in analysed_campaigns(user).filter(pk=campaign_id):
        refuse_deleted_answers(campaign)
    for source in campaign_sources(user):
        if (source.campaign.pk, source.function) == (campaign_id, function):
            return source
    return None


def analysed_campaigns(user: User) -> QuerySet[Campaign]:
    """Return the released campaigns of the user's organisations, the newest first."""
    released = campaigns_where(user, ResultRight.ANALYSE).filter(state=CampaignState.RELEASED)
    return released.select_related("release").order_by("-closed_at")


def deleted_answers(campaigns: Iterable[Campaign]) -> tuple[str, ...]:
    """Return a sentence for each released campaign whose answers are deleted."""
    over = [campaign for campaign in campaigns if campaign.release.answers_end_at is not None]
    return tuple(deletion_words(campaign) for campaign in over)


def source_of(user: User, analysis: Analysis) -> UploadedMatrix | CampaignSource | None:
    """Return what an analysis was made of; None where the user may not analyse it again.

    Raises AnswersDeletedError where that are answers that are deleted.
    """
    if analysis.campaign is None:
        return analysis.matrix
    return campaign_source(user, analysis.campaign.pk, analysis.function)


def scoring_method(campaign: Campaign) -> tuple[Method, Mapping[str, tuple[float, ...]]]:
    """Return the method of the campaign's latest assessment, and its anchors by construct."""
    assessment = Assessment.objects.filter(campaign=campaign).order_by("-number")[0]
    return METHOD.read(assessment.method), ANCHORS.read(assessment.anchors)


def settled_anchors(campaign: Campaign) -> Mapping[str, tuple[float, ...]]:
    """Return the anchors of the campaign's first assessment, by construct.

    Later ones are whatever somebody chooses: with ever other anchors tables would tell the people
    between them.
    """
    first = Assessment.objects.filter(campaign=campaign).order_by("number")[0]
    return ANCHORS.read(first.anchors)


def unreadable_releases(campaigns: Iterable[Campaign]) -> tuple[str, ...]:
    """Return a sentence for each released campaign whose size nobody can read."""
    found: list[str] = []
    for campaign in campaigns:
        try:
            RELEASE_COUNTS.read(campaign.release.counts)
        except UnreadableDocumentError as error:
            found.append(f"{campaign.name}: {unreadable_words(error)}")
    return tuple(found)


def _sizes(campaign: Campaign) -> dict[str, int]:
    """Return the answers of all, and of each function; none where nobody can read how many.

    Those without a function count with all where single answers are given; else as for tables.
    """
    try:
        answers = RELEASE_COUNTS.read(campaign.release.counts).answers
    except UnreadableDocumentError:
        return {}
    functions = {one: answers.get(one, 0) for one in Function.values}
    everybody = sum(answers.values())
    if not campaign.gives_rows and any(functions.values()):
        everybody = sum(functions.values())
    return {"": everybody, **functions}
