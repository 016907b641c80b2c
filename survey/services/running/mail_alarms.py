"""Telling managers that the mail server refuses their campaign's mails: one mail a spell of it.

It goes as soon as the server takes mail for them, to addresses of its own house at once; the
campaign's page says it in any case.
"""

from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from survey.mail.failure_reasons import reason_words
from survey.mail.kinds import MailKind, TokenKeys
from survey.mail.messages import staff_mail
from survey.models import MailTrouble, Message
from survey.services.keys.alarms import note_unsent_alarm


def _compose(message: Message, _keys: TokenKeys) -> EmailMultiAlternatives | None:
    """Return the mail; of a spell that is over nobody is told."""
    trouble = MailTrouble.objects.under_way().filter(pk=message.detail).first()
    user = message.user
    if user is None or trouble is None:
        return None
    since = timezone.localtime(trouble.began_at)
    with translation.override(user.language):
        return staff_mail(
            user,
            template="mail_refused",
            subject=_("Rutin: mails that the mail server refused"),
            context={
                "since": f"{date_format(since, 'DATETIME_FORMAT')} ({since:%Z})",
                "reason": reason_words(trouble.cause),
                "link": f"{settings.SITE_URL}{reverse('survey:campaign-list')}",
            },
        )


MAIL_ALARM: Final = MailKind(_compose, needless=Q(user__is_active=False), failed=note_unsent_alarm)
