"""The embedded fleet: an AWS emulator on loopback, seeded with five systems and alive.

Nothing here needs boto in the process that asks for it; the emulator is a process of its own.
"""

from cockpit.demo.environ import adopt
from cockpit.demo.process import DemoFleet, DemoUnavailable, embedded_fleet

__all__ = ["DemoFleet", "DemoUnavailable", "adopt", "embedded_fleet"]
