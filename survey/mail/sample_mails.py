"""What a campaign's mails will say, to be read before anything is sent."""

from dataclasses import dataclass

from django.conf import settings

from survey.languages import language_choices
from survey.mail.messages import survey_mail
from survey.models import Campaign, Invitation, Message, Recipient


@dataclass(frozen=True, slots=True)
class MailSample:
    """One mail in one language, with a link that leads nowhere."""

    kind: str
    language: str
    language_name: str
    subject: str
    text: str


def mail_samples(campaign: Campaign) -> tuple[MailSample, ...]:
    """Return invitation and reminder in every language of the campaign; nothing is saved."""
    names = dict(language_choices())
    return tuple(
        _sample(campaign, kind, language, names.get(language, language))
        for language in campaign.languages
        for kind in Message.Kind
    )


def _sample(campaign: Campaign, kind: Message.Kind, language: str, name: str) -> MailSample:
    recipient = Recipient(campaign=campaign, email="name@example.com", language=language)
    invitation = Invitation(campaign=campaign, recipient=recipient)
    mail = survey_mail(Message(invitation=invitation, kind=kind), f"{settings.SITE_URL}/s/…")
    # A plain text is rendered unescaped and marked as safe, which on a page it is not.
    text = "".join((str(mail.body), ""))
    return MailSample(str(kind.label), language, name, str(mail.subject), text)
