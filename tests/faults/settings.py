"""The product's own settings with an app of the suite, for processes that `make faults` starts."""

import json
import os
from typing import Any

from diagnostics.settings import *  # noqa: F403
from diagnostics.settings import DATABASES, INSTALLED_APPS
from tests.faults.pace import WORKER_SETTINGS

# Here a folder of keys goes missing, with nothing beside it.
KEY_COPY_IS_REQUIRED = False
INSTALLED_APPS += ["tests.faults.injected.InjectedFaults"]
# As many as a scenario overrides: names of settings and their values.
globals().update({**WORKER_SETTINGS, **json.loads(os.environ.get("RUTIN_FAULT_SETTINGS", "{}"))})
if lock_seconds := os.environ.get("RUTIN_FAULT_LOCK_SECONDS"):
    _options: dict[str, Any] = DATABASES["default"].setdefault("OPTIONS", {})  # type: ignore[assignment]
    if "sqlite" in str(DATABASES["default"]["ENGINE"]):
        _options["timeout"] = float(lock_seconds)
    else:
        _options["options"] = f"-c lock_timeout={lock_seconds}s"
