"""`python -m ui` is the console script `dongxihu`."""

import sys

from ui.cli import main

sys.exit(main())
