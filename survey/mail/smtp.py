"""Mail to a server that asks for a certificate of ours."""

import ssl
from functools import cached_property

from django.core.mail.backends.smtp import EmailBackend


class CertifiedBackend(EmailBackend):
    """Show our certificate, and check the server's all the same.

    Django's own backend knows no authority once it has a certificate of ours, so that it refuses
    every server.
    """

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        """Return what a connection is encrypted with."""
        context = ssl.create_default_context()
        if self.ssl_certfile:
            context.load_cert_chain(self.ssl_certfile, self.ssl_keyfile or None)
        return context
