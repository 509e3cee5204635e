"""Health: what may be concluded from what was seen.

Pure functions of rules, resources and `now`: the same code judges live data, history and the demo. Nothing here
knows an account, a configuration or a clock.
"""

from cockpit.health.clearance import clears
from cockpit.health.closeness import needs_close_look
from cockpit.health.judge import answer, judge
from cockpit.health.judgement import Judgement
from cockpit.health.question import Question, put

__all__ = ["Judgement", "Question", "answer", "clears", "judge", "needs_close_look", "put"]
