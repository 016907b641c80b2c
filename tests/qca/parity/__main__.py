"""python -m tests.qca.parity DIR...: public functions against stored reference results."""

import sys

from tests.qca.parity.harness import main

sys.exit(main())
