"""Health: what may be concluded from what was seen.

Pure functions of rules, resources and `now`: the same code judges live data, history and the demo. Nothing here
knows an account, a configuration or a clock.
"""

from cockpit.health.clearance import clears
from cockpit.health.closeness import needs_close_look
from cockpit.health.judge import judge
from cockpit.health.judgement import Judgement
from cockpit.health.window import newest_window

__all__ = ["Judgement", "clears", "judge", "needs_close_look", "newest_window"]
