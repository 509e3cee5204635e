"""Where a closer look is worth its money."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.health.clearance import clears
from cockpit.health.judge import answer
from cockpit.health.question import put
from cockpit.health.window import metric_ids
from cockpit.model.observation import Observation
from cockpit.model.rule import Threshold
from cockpit.model.service import ServiceSpec
from cockpit.model.verdict import Health

ACCOUNT_KIND = "account"


def needs_close_look(
    spec: ServiceSpec,
    observation: Observation,
    thresholds: Mapping[str, Threshold],
    now: float,
    *,
    pace: float = 1.0,
) -> frozenset[str]:
    """Resource kinds whose metrics are due at their close cadence: in breach, or not ruled out.

    `thresholds` (rule key → threshold) are the strictest that any environment of the slot uses; a rule that is not
    in it has its own. A rule with a `Clearance` needs a look at all its kinds as soon as the account does not clear
    it: that is how one bad function among hundreds is found.
    """
    account = next((one for one in observation.resources if one.kind == ACCOUNT_KIND), None)
    wanted: set[str] = set()
    for rule in spec.rules:
        threshold = thresholds.get(rule.key, rule.threshold)
        if not metric_ids(rule) or (threshold.warning is None and threshold.critical is None):
            continue
        candidates = [one for one in observation.resources if one.kind in rule.kinds and one.kind not in wanted]
        if rule.cleared_by is not None and account is not None:
            if not clears(rule, threshold, account, spec, now, pace=pace):
                wanted.update(one.kind for one in candidates)
            continue
        question = put(rule, threshold, spec, now, pace=pace)
        for resource in candidates:
            judged = answer(question, resource)
            if judged is not None and judged.health is not Health.OK:
                wanted.add(resource.kind)
    return frozenset(wanted)
