"""Thresholds of docs/privacy.md: floors in code that a campaign may raise, never lower."""

from datetime import timedelta
from typing import Final

RELEASE_FLOOR: Final = 5  # answers; below it nothing is shown
SENSITIVE_FLOOR: Final = 10  # answers; rule-bending, patterns, levers, distributions
ALONE_FLOOR: Final = 10  # answers; the floor where no second person confirmed the head counts
HEADS_WITHOUT_MAIL: Final = 10_000  # of one unit and function; more is a slip of the hand
COMPARISON_FLOOR: Final = 20  # answers; below it comparisons carry a caution
GRACE: Final = timedelta(minutes=10)  # a submit under way at close still counts
REMINDERS: Final = 3  # a campaign sends no more
REMINDER_SPACING: Final = timedelta(hours=48)  # between two mails to one person
CANARY_INTERVAL: Final = timedelta(hours=1)  # how often a worker notes that it holds the key
CANARY_SLACK: Final = timedelta(minutes=15)  # a busy worker may be this late before it is told
REST_AFTER: Final = timedelta(hours=2)  # without a proof of the key; then no answer is taken
REST_RETRY: Final = timedelta(minutes=10)  # when a browser may ask again
TIMES_AHEAD: Final = timedelta(days=731)  # two years: no campaign opens or closes later than that
OPENING_RETRY: Final = timedelta(minutes=10)  # between two tries to open the same ballots
BOUNCE_INTERVAL: Final = timedelta(minutes=5)  # between two looks into the bounce mailbox
MAILBOX_DAYS: Final = 14  # for which the numbers of what came back are kept and shown
MOST_MAIL_DOMAINS: Final = 100  # of an organisation; more is no list that anybody checks
UPLOAD_LIFE: Final = timedelta(hours=2)  # an upload that was never confirmed is deleted
RECIPIENT_LIFE: Final = timedelta(days=14)  # addresses are purged this long after close
FORM_LIFE: Final = timedelta(days=1)  # a form that was handed in is known again for so long
USES_APART: Final = timedelta(days=183)  # from figures of units to single answers, and back
TASK_LIFE: Final = timedelta(days=14)  # what the worker has done is forgotten this long after
FAILED_LINKS: Final = 60  # survey links from one address that were not valid, before a pause
FAILED_LINKS_SPAN: Final = timedelta(minutes=10)  # the time over which they are counted
WRONG_PASSWORDS: Final = 10  # for one account from one address, before a pause
WRONG_PASSWORDS_SPAN: Final = timedelta(minutes=15)  # how long the pause is, and they are kept
PASSWORD_LINK_SPACING: Final = timedelta(minutes=15)  # between set-password mails to one account
KEPT_POST_LIFE: Final = timedelta(hours=1)  # what was posted without a sign-in waits for one
KEPT_POST_BYTES: Final = 256 * 1024  # of one such post; the texts of a whole questionnaire fit
KEPT_POSTS: Final = 60  # from one address, before no more are kept for a while
KEPT_POSTS_SPAN: Final = timedelta(minutes=10)  # the time over which they are counted
WRONG_PASSPHRASES: Final = 5  # of one campaign, before a pause
WRONG_PASSPHRASES_SPAN: Final = timedelta(minutes=15)  # the time over which they are counted
PASSPHRASE_LENGTH: Final = 16  # characters at least; several words are easier to keep
ITEMS_FOR_CONSTRUCT: Final = 0.6  # share of a construct's items that must be there
MEAN_LOW: Final = 1.5  # scale points; a lower mean is shown as "at most 1.5"
MEAN_HIGH: Final = 6.5  # scale points; a higher mean is shown as "at least 6.5"
SHARE_LOW: Final = 0.1  # a smaller share of a group is shown as "at most 10 %"
SHARE_HIGH: Final = 0.9  # a larger share is shown as "at least 90 %"
TOLD_SHARE_DIGITS: Final = 2  # of a share of people where sizes are no exact numbers
INTERVAL_FLOOR: Final = 10  # answers; below it an interval would tell that all agree
BANDS: Final = ((50, "50+"), (20, "20-49"), (10, "10-19"), (5, "5-9"))
# A group's answers are told apart from this many on, if enough more of it could answer.
PARTICIPATION_EDGES: Final = tuple(sorted(least for least, _label in BANDS))
# Silent ones whom somebody may know: with fewer to spare, a band would tell that all the others
# have answered.
SILENT_KNOWN: Final = 3


def size_band(n: int) -> str:
    """Return the band in which a group's size is shown.

    >>> [size_band(n) for n in (0, 4, 5, 9, 10, 19, 20, 49, 50, 900)]
    ['', '', '5-9', '5-9', '10-19', '10-19', '20-49', '20-49', '50+', '50+']
    """
    return next((label for least, label in BANDS if n >= least), "")


def told_size(n: int) -> int:
    """Return the number of people of the company or a function as it is told: whole tens, or more.

    >>> told_size(139), told_size(140)
    (130, 140)
    """
    return n // 10 * 10


def participation_band(answered: int, invited: int, touched: int = 0) -> str:
    """Return the band in which the number of a group's answers is shown.

    A band begins only where SILENT_KNOWN more could answer: whoever is of the group, or knows of
    somebody's silence, learns of no band that all the others have answered. touched: those whose
    link was revoked, renewed or moved, of whom a manager may know everything. They count as known
    to be silent, and where fewer than SENSITIVE_FLOOR others are left nothing is told.

    >>> [participation_band(n, 60) for n in (0, 1, 4, 5, 19, 20, 50)]
    ['0-4', '0-4', '0-4', '5-9', '10-19', '20-49', '50+']
    >>> [participation_band(n, 10) for n in (4, 5, 10)]
    ['0-4', '5+', '5+']
    >>> participation_band(5, 7), participation_band(9, 12, 2), participation_band(9, 12, 3)
    ('', '5+', '')
    """
    others = invited - touched
    edges = [edge for edge in PARTICIPATION_EDGES if edge <= others - SILENT_KNOWN]
    if not edges or (touched and others < SENSITIVE_FLOOR):
        return ""
    least = max((edge for edge in edges if edge <= answered), default=0)
    following = next((edge for edge in edges if edge > least), None)
    return f"{least}-{following - 1}" if following else f"{least}+"


def band_ends(band: str) -> tuple[int, int | None]:
    """Return the numbers between which a band lies; the highest has no end.

    >>> band_ends("5-9"), band_ends("50+"), band_ends("")
    ((5, 9), (50, None), (0, None))
    """
    if not band:
        return 0, None
    least, _sign, most = band.removesuffix("+").partition("-")
    return int(least), int(most) if most else None
