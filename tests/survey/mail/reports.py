"""Reports of mail that did not arrive, in the words of many kinds of servers."""

import base64
import quopri
from uuid import UUID

PARTS = """\
Return-Path: <>
From: {sender}
To: {arrived}
Subject: {subject}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="~"
{extra}
--~
Content-Type: text/plain

This is what became of it.
--~
Content-Type: message/delivery-status{encoding}

{status}
--~
{returned}
--~--
"""
STATUS = """\
Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; n1-0@example.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 nobody of that name
"""
HEADERS = "Content-Type: text/rfc822-headers\n\nMessage-ID: <{id}@localhost>\nSubject: Survey\n"
NOTHING = "Content-Type: text/plain\n\n"
PLAIN = """\
Return-Path: <>
From: {sender}
To: {arrived}
Subject: {subject}
{extra}
{text}
"""
EXIM = """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address failed:

  n1-0@example.com
    host mx.example.com [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<n1-0@example.com>:
    550 5.1.1 nobody of that name

------ This is a copy of your message, including all the headers. ------

Received: from rutin
Subject: Survey, which may be delayed

Hello"""
QMAIL = """\
Hi. This is the qmail-send program at relay.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<n1-0@example.com>:
192.0.2.7 does not like recipient.
Remote host said: 550 5.1.1 nobody of that name
Giving up on 192.0.2.7.

--- Below this line is a copy of the message.

Message-ID: <{id}@localhost>"""
OLD_POSTFIX = """\
This is the Postfix program at host relay.example.

I'm sorry to have to inform you that your message could not be
delivered to one or more recipients. It's attached below.

<n1-0@example.com>: host mx.example.com said: 550 5.1.1 nobody of that name
"""
PAGE = """\
<html><body><p>Your message to <b>n1-0@example.com</b> couldn't be delivered.</p>
<p>Remote server said:<br>550 5.1.1 nobody of that name</p></body></html>"""
SWEDISH = "Meddelandet kunde inte levereras till n1-0@example.com: 550 5.1.1 nobody of that name"
DAEMON = "Mail Delivery System <Mailer-Daemon@mx.example>"


def arrived(known: UUID) -> str:
    """Return the address that a mail's reports go to."""
    return f"bounces+{known.hex}@rutin.example"


def parts(known: UUID | None, status: str = STATUS, **changes: str) -> bytes:
    """Return a report in parts; without a mail it names none."""
    fields = {
        "sender": DAEMON, "subject": "Delivery Status Notification (Failure)", "extra": "",
        "arrived": arrived(known) if known else "rutin@localhost", "encoding": "",
        "returned": NOTHING,
    } | changes  # fmt: skip
    return PARTS.format(status=status, **fields).encode()


def encoded(known: UUID, encoding: str) -> bytes:
    """Return a report whose status part is encoded."""
    pack = base64.encodebytes if encoding == "base64" else quopri.encodestring
    line = f"\nContent-Transfer-Encoding: {encoding}"
    return parts(known, pack(STATUS.encode()).decode(), encoding=line)


def plain(known: UUID | None, text: str, **changes: str) -> bytes:
    """Return a report, or another mail, in plain words."""
    fields = {
        "sender": DAEMON, "subject": "Mail delivery failed: returning message to sender",
        "arrived": arrived(known) if known else "rutin@localhost", "extra": "",
    } | changes  # fmt: skip
    return PLAIN.format(text=text.replace("{id}", str(known)), **fields).encode()
