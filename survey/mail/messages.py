"""Mails as the worker hands them to the server: plain text first, simple HTML beside it.

An address that cannot be written to raises AddressError here, before anything is sent.
"""

from email.mime.image import MIMEImage
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from survey.campaign_times import told_time
from survey.mail.addresses import address_as_sent
from survey.mail.delivery_reports import bounce_sender
from survey.models import Campaign, CampaignLogo, Message, TrialMail, User


class IllustratedMail(EmailMultiAlternatives):
    """A mail whose attachments are the pictures in its text."""

    mixed_subtype = "related"


def one_line(text: str) -> str:
    """Return a text fit for a header: a line break there would begin a header of its own.

    >>> one_line("Spring\\r\\nBcc: all@example.com")
    'Spring Bcc: all@example.com'
    """
    return " ".join(text.split())


def survey_mail(message: Message, link: str) -> EmailMultiAlternatives:
    """Return the invitation or reminder for one message, in its recipient's language."""
    invitation = message.invitation
    recipient = invitation.recipient if invitation is not None else None
    if invitation is None or recipient is None:
        raise ValueError("Mail: expected an invitation with an address, found one without.")
    campaign = invitation.campaign
    with translation.override(mail_language(campaign, recipient.language)):
        return _compose(
            template=message.kind,
            subject=_survey_subject(message.kind, campaign),
            to=recipient.email,
            context=_survey_context(campaign, link, name=one_line(recipient.name)),
        )


def trial_mail(trial: TrialMail, link: str) -> EmailMultiAlternatives:
    """Return the invitation as a test, whose link only confirms that it arrived."""
    campaign = trial.campaign
    with translation.override(trial.language):
        subject = _survey_subject(Message.Kind.INVITATION, campaign)
        return _compose(
            template=Message.Kind.INVITATION,
            subject=gettext("Test: %(subject)s") % {"subject": subject},
            to=trial.email,
            context=_survey_context(campaign, link) | {"is_trial": True},
        )


def mail_language(campaign: Campaign, wanted: str) -> str:
    """Return the language of somebody's mail: what the file says, if the campaign offers it."""
    if wanted in campaign.languages or not campaign.languages:
        return wanted
    return str(campaign.languages[0])


def set_password_mail(user: User, link: str) -> EmailMultiAlternatives:
    """Return the mail with which somebody sets a password for the account."""
    with translation.override(user.language):
        hours = settings.PASSWORD_RESET_TIMEOUT // 3600
        return _compose(
            template="set_password",
            subject=gettext("Rutin: set your password"),
            to=user.email,
            context={"name": one_line(user.name), "link": link, "hours": hours, "logo": ""},
        )


def staff_mail(
    user: User, *, template: str, subject: str, context: dict[str, Any]
) -> EmailMultiAlternatives:
    """Return a mail to somebody with an account, in the language in force."""
    known = {"name": one_line(user.name), "logo": ""}
    return _compose(template=template, subject=subject, to=user.email, context=known | context)


def identified(mail: EmailMultiAlternatives, message_id: UUID) -> EmailMultiAlternatives:
    """Return a mail of the outbox with what names it to whoever returns it.

    The same for every try, so that a mailbox can recognise a repeated delivery.
    """
    host = urlsplit(settings.SITE_URL).hostname
    mail.extra_headers |= {
        "Message-ID": f"<{message_id}@{host}>",
        "From": settings.DEFAULT_FROM_EMAIL,
    }
    if settings.BOUNCE_ADDRESS:
        mail.from_email = bounce_sender(settings.BOUNCE_ADDRESS, message_id)
    return mail


def closing_time(campaign: Campaign) -> str:
    """Return when the campaign closes, on its own clock, in the language in force."""
    return told_time(campaign.closes_at, campaign)


def _survey_context(campaign: Campaign, link: str, name: str = "") -> dict[str, Any]:
    return {
        "campaign": campaign,
        "organisation": campaign.organisation,
        "introduction": campaign.mail_introduction.get(translation.get_language(), ""),
        "name": name,
        "link": link,
        "closes": closing_time(campaign),
        "logo": campaign.logo_alternative,
        "is_trial": False,
    }


def _survey_subject(kind: str, campaign: Campaign) -> str:
    name = gettext("Rehearsal of %s") % campaign.name if campaign.is_rehearsal else campaign.name
    names = {"organisation": campaign.organisation.name, "campaign": name}
    if kind == Message.Kind.REMINDER:
        return gettext("Reminder: %(campaign)s at %(organisation)s is still open") % names
    return gettext("%(campaign)s: %(organisation)s asks for your view") % names


def _compose(
    *,
    template: str,
    subject: str,
    to: str,
    context: dict[str, Any],
) -> EmailMultiAlternatives:
    address = address_as_sent(to)  # a row may be older than the rule; whoever sends notes why
    headers = {"Auto-Submitted": "auto-generated"}  # RFC 3834: no out-of-office replies, please
    mail = IllustratedMail(
        subject=one_line(subject),
        from_email=settings.DEFAULT_FROM_EMAIL,
        body=render_to_string(f"emails/{template}.txt", context),
        to=[address],
        headers=headers,
    )
    mail.attach_alternative(render_to_string(f"emails/{template}.html", context), "text/html")
    if context["logo"]:
        _attach_logo(mail, context["campaign"])
    return mail


def _attach_logo(mail: EmailMultiAlternatives, campaign: Campaign) -> None:
    """Carry the picture in the mail itself: nothing is fetched when somebody reads it."""
    for logo in CampaignLogo.objects.filter(campaign=campaign):
        picture = MIMEImage(bytes(logo.image), "png")
        picture.add_header("Content-ID", "<logo>")
        picture.add_header("Content-Disposition", "inline", filename="logo.png")
        mail.attach(picture)
