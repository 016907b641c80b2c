"""All counts of a scenario, when the dust has settled."""

from diagnostics.models import Analysis, AnalysisFile, Download, LongWork, Report
from survey.models import Campaign, CampaignState
from tests.faults.company import ADMINISTRATOR, ANALYST, EXECUTIVE, LEADER, MANAGER, NEW_LEADER
from tests.faults.ledger import Count, Group, count
from tests.faults.state import (
    counts_of_ballots,
    counts_of_doubles,
    counts_of_files,
    counts_of_links,
    counts_of_waiting,
    left_waiting,
    released_sheets,
    stored_texts,
    unmade_work,
)
from tests.faults.story import INVITED, SET_PASSWORD, Story
from tests.faults.visitors import UnansweredError, Visitor, crawl

FAILED = 500  # from here on an answer is an error of ours


def ask_again(story: Story) -> None:
    """Do what the pages offer for work that came to nothing: ask for it once more."""
    asked = 0
    for work in unmade_work():
        address = address_of(story, work)
        if address:
            story.staff(reader_of(work)).insist(address)
            asked += 1
    if asked:
        story.note(f"asked again for {asked} pieces of work")
        story.settle()


def reader_of(work: LongWork) -> str:
    """Return who may ask for work: figures of units and answers are never one account's."""
    return ANALYST if isinstance(work, Analysis | AnalysisFile) else EXECUTIVE


def address_of(story: Story, work: LongWork) -> str:
    """Return where a page asks for work again."""
    if isinstance(work, Report):
        return f"/results/{story.campaign_id}/reports/{work.pk}/make/"
    if isinstance(work, Download):
        return f"/results/{story.campaign_id}/downloads/{work.kind}/make/"
    if isinstance(work, Analysis):
        return f"/workbench/{work.pk}/start/"
    if isinstance(work, AnalysisFile):
        return f"/workbench/{work.analysis_id}/files/{work.kind}/make/"
    return ""


def all_counts(story: Story) -> list[Count]:
    """Return every count that makes sense at the stage that the campaign has reached."""
    campaign, ledger = Campaign.objects.get(pk=story.campaign_id), story.ledger
    stored, mails = stored_texts(campaign), story.mail.delivered
    return [
        *_of_answers(story, campaign),
        *_of_mails(story, campaign),
        ledger.lost_texts(stored),
        ledger.doubled_texts(stored),
        ledger.doubled_mails(mails, alarms=(ADMINISTRATOR,)),
        ledger.repeated_mails(mails),
        *counts_of_doubles(),
        *counts_of_files(),
        *counts_of_waiting(),
    ]


def _of_answers(story: Story, campaign: Campaign) -> list[Count]:
    ledger = story.ledger
    if campaign.state == CampaignState.RELEASED:
        released = released_sheets(campaign)
        return [ledger.lost_answers(released), ledger.extra_answers(released)]
    return counts_of_ballots(len(ledger.answers), len(ledger.may_have_answered))


def _of_mails(story: Story, campaign: Campaign) -> list[Count]:
    ledger, mails = story.ledger, story.mail.delivered
    found = [ledger.lost_mails([NEW_LEADER], mails, SET_PASSWORD)]
    if campaign.state == CampaignState.OPEN:
        found += counts_of_links(story.people, campaign)
        known = {address: story.token_of(address) for address in story.people}
        dead = [
            address
            for address, token in known.items()
            if address not in ledger.not_deliverable and not _opens(story, token)
        ]
        found.append(count(Group.LOST, "links in mails that lead nowhere", dead))
    if campaign.state in (CampaignState.OPEN, CampaignState.CLOSED, CampaignState.RELEASED):
        found.append(ledger.lost_mails(story.people, mails, INVITED))
    return found


def _opens(story: Story, token: str) -> bool:
    try:
        return Visitor(story.installation.port).get(f"/s/{token}").status in (200, 302)
    except UnansweredError:
        return False


def counts_of_pages(story: Story) -> list[Count]:
    """Count pages of every kind of reader that are errors."""
    readers: dict[str, Visitor] = {
        name: story.staff(address)
        for name, address in {
            "manager": MANAGER,
            "leader": LEADER,
            "analyst": ANALYST,
            "executive": EXECUTIVE,
        }.items()
    }
    found = []
    for name, reader in readers.items():
        pages = crawl(reader)
        failed = [f"{page.status} {page.address}" for page in pages if page.status >= FAILED]
        found.append(count(Group.WAITING, f"pages of the {name} that are errors", failed))
        if name == "manager" and len(pages) < 5:
            found.append(count(Group.TRIED, f"too few pages of the {name}", [len(pages)]))
    return [*found, _of_respondent(story)]


def _of_respondent(story: Story) -> Count:
    reader = Visitor(story.installation.port)
    failed = []
    token = story.token_of(story.people[0])
    for address in (f"/s/{token}", "/answer/", "/answer/1/", "/answer/review/", "/answer/thanks/"):
        try:
            status = reader.get(address).status
        except UnansweredError:
            status = 599
        if status >= FAILED:
            failed.append(f"{status} {address.replace(token, '...')}")
    return count(Group.WAITING, "pages of a respondent that are errors", failed)


def finish(story: Story, *, with_pages: bool = True) -> list[Count]:
    """Let the dust settle, ask for what failed once more, and count."""
    story.settle()
    ask_again(story)
    counts = [*story.counts, *all_counts(story)]
    if not all(one.is_met for one in counts):
        for line in left_waiting()[:12]:
            story.note(f"left: {line}")
    return counts + (counts_of_pages(story) if with_pages else [])
