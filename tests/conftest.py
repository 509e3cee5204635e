"""For every test: properties are tried with the same examples each time, so that a run can be repeated."""

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=False)
settings.register_profile("searching", max_examples=2000, deadline=None)
# `HYPOTHESIS_PROFILE=searching make tests` looks for new counter-examples instead.
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
