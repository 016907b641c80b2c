"""What the product stores about people and answers, in words, with the lifetimes of the code."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from survey.models import Campaign, CampaignState, RowFile
from survey.policy import RECIPIENT_LIFE, TASK_LIFE, UPLOAD_LIFE, WRONG_PASSWORDS_SPAN
from survey.selectors.answer_life import answers_deleted_on, are_answers_over


@dataclass(frozen=True, slots=True)
class StoredTable:
    """One kind of record: what it holds, what it must not hold, and for how long it is kept."""

    name: str
    holds: str
    never: str
    life: str


def stored_tables(campaign: Campaign) -> tuple[StoredTable, ...]:
    """Return every kind of record that has to do with people or answers."""
    return (
        *_before_answers(),
        *_second_words(),
        *_words_and_mails(),
        *_answers_on_their_way(),
        _keys(campaign),
        *_released(campaign),
        *_results(campaign),
        _ledger(),
        _sign_ins(),
    )


def _before_answers() -> Iterator[StoredTable]:
    yield StoredTable(
        _("Uploaded files"),
        _("The checked pair of import files and the form beside them, until they are confirmed."),
        _("Answers."),
        _("At most %(hours)d hours.") % {"hours": UPLOAD_LIFE.total_seconds() // 3600},
    )
    yield StoredTable(
        _("Planned units and leaders"),
        _("What a draft's file says: units, and name and address of their leaders."),
        _("Answers."),
        _("Until the launch, or until the draft is deleted."),
    )
    yield StoredTable(
        _("Recipients"),
        _("E-mail address, the mailbox that it reaches, name where given, language."),
        _("Answers, and whether somebody answered."),
        _("Until %(days)d days after close.") % {"days": RECIPIENT_LIFE.days},
    )
    yield StoredTable(
        _("Invitations"),
        _(
            "Unit and function, and whether its holder leads the unit; a fingerprint of the link, "
            "of a code on paper also one of the code, and the link in a box that only the code "
            "opens; whether it was used, revoked, added later or issued anew, whether an answer of "
            "its holder counts, and whether a mail has reached the address or came back."
        ),
        _("The link itself, any answer, any time of opening or answering."),
        _("Deleted when the ballots are opened; counts stay."),
    )


def _second_words() -> Iterator[StoredTable]:
    yield StoredTable(
        _("Head counts"),
        _(
            "How many people of each unit and function are invited by mail and how many have no "
            "e-mail; who confirmed these numbers, and the day. Until the launch also which "
            "accounts entered anything of the draft."
        ),
        _("Names or addresses of those invited, answers."),
        _("Kept with the campaign."),
    )
    yield StoredTable(
        _("Later readers"),
        _(
            "Who was given a role or a unit after the launch, by whom and when, and waits for a "
            "second person's word to read results."
        ),
        _("Answers, who answered."),
        _("Until a second person agrees, or the role or the unit is taken away."),
    )
    yield StoredTable(
        _("Changes that wait for a second person"),
        _(
            "Which account asked on which day to cancel the campaign, or to write to somebody at "
            "another address than the one a mail has gone to, and that address."
        ),
        _("Answers, who answered."),
        _("Until a second person decides, or it is taken back; an address at most until close."),
    )
    yield StoredTable(
        _("Changes that a second person refused"),
        _(
            "Who asked on which day to cancel the campaign, or for another address of which "
            "recipient, and who refused it on which day."
        ),
        _("The address that was refused, answers, who answered."),
        _("Until something else is asked for; of a recipient at most until close."),
    )


def _words_and_mails() -> Iterator[StoredTable]:
    yield StoredTable(
        _("Words about a wrong unit"),
        _("What somebody wrote before answering because the invitation names a wrong unit."),
        _("Answers, any time."),
        _("Deleted once settled, at the latest when the ballots are opened."),
    )
    yield StoredTable(
        _("Test mails"),
        _("Before the launch: who was sent one, and whether it was confirmed."),
        _("Answers, links to the survey."),
        _("Until %(days)d days after close.") % {"days": RECIPIENT_LIFE.days},
    )
    yield StoredTable(
        _("Mails"),
        _("Which invitation is to be written to, and whether the mail server took it."),
        _("The link, any answer."),
        _("Deleted when the ballots are opened."),
    )
    yield StoredTable(
        _("Tasks"),
        _("What the worker is to do for a campaign or for one link, and when it was done."),
        _("The link, any answer, whether somebody answered."),
        _("Deleted when the ballots are opened, the opening's own after %(days)d days.")
        % {"days": TASK_LIFE.days},
    )


def _sign_ins() -> StoredTable:
    return StoredTable(
        _("Failed sign-ins of staff"),
        _("The address typed, the network address and the browser. Nothing of respondents."),
        _("Passwords, and successful sign-ins."),
        _("About %(minutes)d minutes.") % {"minutes": WRONG_PASSWORDS_SPAN.total_seconds() // 60},
    )


def _answers_on_their_way() -> Iterator[StoredTable]:
    yield StoredTable(
        _("Drafts"),
        _("Unfinished answers, encrypted under a key that only the holder of the link has."),
        _("The invitation, any time. Every draft has the same size."),
        _("Deleted by submitting or withdrawing, at the latest when the ballots are opened."),
    )
    yield StoredTable(
        _("Ballots"),
        _("A sealed box with unit, function and answers; nobody can open it before close."),
        _("The invitation, any time, readable answers. Every box has the same size."),
        _("Deleted when the ballots are opened."),
    )


def _keys(campaign: Campaign) -> StoredTable:
    holds = _("The key that opens the ballots and the key that makes the links, as files.")
    if campaign.needs_passphrase:
        holds = _(
            "The key that opens the ballots and the key that makes the links, as files. From the "
            "launch on, the first is wrapped with a passphrase of the works council; the database "
            "holds a check of the passphrase that opens nothing."
        )
    return StoredTable(
        _("The campaign's keys"),
        holds,
        _("They are in no database and in no backup of it; the passphrase is stored nowhere.")
        if campaign.needs_passphrase
        else _("They are in no database and in no backup of it."),
        _("Overwritten and deleted after the ballots are opened."),
    )


def _released(campaign: Campaign) -> Iterator[StoredTable]:
    kept = _life_of_answers(campaign)
    yield StoredTable(
        _("Answers"),
        _("The answers in an order of chance, with the pool of at least %(floor)d they belong to.")
        % {"floor": campaign.floor},
        _("Unit, person, time, network address, browser, background answers."),
        kept,
    )
    yield StoredTable(
        _("Scores behind an analysis"),
        _(
            "Construct scores of the whole company or of one function, in the order of their "
            "values, for the plots of the analyst named to respondents."
        )
        if campaign.gives_rows
        else _(
            "Construct scores of the whole company or of one function, in the order of their "
            "values, from which the tables of an analysis are computed; no page shows one."
        ),
        _("Pool, unit, person, answers to single statements."),
        kept,
    )
    yield StoredTable(
        _("Files made of answers"),
        _(
            "The file of answers, and the appendix and files of an analysis, as the analyst named "
            "to respondents had them made."
        )
        if campaign.gives_rows
        else _("Appendix and files of an analysis: tables of the whole company or of a function."),
        _("Pool, unit, person, background answers."),
        _files_now(campaign, kept),
    )


def _results(campaign: Campaign) -> Iterator[StoredTable]:
    kept = _life_of_answers(campaign)
    yield StoredTable(
        _("Results of analyses"),
        _(
            "Solutions, fits and truth tables; until the answers are deleted also which cases are "
            "in a row, histograms, and numbers of fewer than 5 people."
        )
        if campaign.gives_rows
        else _("Solutions, fits and truth tables, in which numbers of people are bands."),
        _("Pool, unit, person."),
        _("Kept; what is about single cases: %(life)s") % {"life": kept}
        if campaign.gives_rows
        else _("Kept."),
    )
    yield _background(campaign)
    yield StoredTable(
        _("Released figures"),
        _("Figures of groups, and their fingerprint."),
        _("Figures of smaller groups, single answers."),
        _("Kept."),
    )
    yield StoredTable(
        _("Results of units and of the company, and their files"),
        _(
            "Scores, verdicts, tests of patterns and properties of scales, reports as PDF, and the "
            "file of released figures."
        ),
        _("Single answers, figures of smaller groups."),
        _("Kept."),
    )
    yield StoredTable(
        _("Participation"),
        _(
            "Per unit, function and day: how many were invited at the launch, a band of how many "
            "of them answered, and how many were added later."
        ),
        _("Names, exact numbers of answers."),
        _("Kept."),
    )


def _ledger() -> StoredTable:
    return StoredTable(
        _("Ledger"),
        _(
            "Which account did what for which unit and function, and when; of what was done about "
            "one invited person the day only."
        ),
        _("Name or address of anybody invited, answers."),
        _("Kept; the database refuses to change it."),
    )


def _background(campaign: Campaign) -> StoredTable:
    return StoredTable(
        _("Counts of background answers"),
        _(
            "How many people of the whole company gave which answer about themselves, where at "
            "least %(floor)d did; made when the ballots are opened."
        )
        % {"floor": campaign.sensitive_floor},
        _("Who gave which answer, and which answers one person gave together."),
        _("Kept."),
    )


def _life_of_answers(campaign: Campaign) -> str:
    """Until when answers are kept, or since when they are gone."""
    life = _("Until %(months)d months after close.") % {"months": campaign.retention_months}
    if campaign.state != CampaignState.RELEASED or not are_answers_over(campaign):
        return life
    day = answers_deleted_on(campaign)
    return _("Deleted on %(day)s.") % {"day": day} if day else _("The time is over: being deleted.")


def _files_now(campaign: Campaign, life: str) -> str:
    """How many there are, none before the release, and their life."""
    number = 0
    if campaign.state == CampaignState.RELEASED:
        number = RowFile.objects.filter(release__campaign=campaign).count()
    there = ngettext("%(number)d file now.", "%(number)d files now.", number) % {"number": number}
    return f"{life} {there}"
