"""Keeps the cyclic garbage collector from stopping every thread at once for long.

A full collection walks all live objects while it holds the interpreter lock: with the service models of botocore
loaded that is a tenth of a second in which no key press is handled. What is there when polling begins (modules, models,
clients) stays until the end, so it is taken out of the collector's sight; what polling leaves behind is freed by
reference counts, apart from a few cycles that can wait.
"""

from __future__ import annotations

import gc

_THRESHOLDS = (3_000, 2, 600)
"""Allocations before a young collection; young before a middle; middle before a full one. Python's own: 700, 10, 10.

A middle one walks what was allocated since the one before: 6,000 objects take some 4 ms, 100,000 took 40."""


def settle() -> None:
    """Collect once, then keep what is alive out of every later collection. For the whole process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
