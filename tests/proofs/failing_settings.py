"""The settings of a real installation in which every page fails that is asked to."""

from diagnostics.settings import *  # noqa: F403
from diagnostics.settings import MIDDLEWARE

MIDDLEWARE = [*MIDDLEWARE, "tests.proofs.failing_pages.FailWhenAsked"]
