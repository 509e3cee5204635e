"""What the rules conclude about one environment's share of one slot. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from cockpit.config.settings import Environment
from cockpit.health import Judgement, Question, answer, clears, put
from cockpit.health.window import metric_ids
from cockpit.model.resource import Resource
from cockpit.model.rule import Rule, Threshold
from cockpit.model.service import ServiceSpec
from cockpit.model.verdict import Failure, Health

METRICS_CALL = "GetMetricData"

FEW = 3
"""As many resources with the same unknown are named one by one; more become one finding."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One conclusion that is not ok."""

    rule: Rule
    judgement: Judgement
    resource: Resource | None
    """None where it stands for many."""
    subject: str


def threshold_for(environment: Environment, rule: Rule, resource: Resource) -> Threshold:
    """The threshold in force: of the first override that matches the resource, the environment's, or the rule's own."""
    for override in environment.overrides:
        if rule.key in override.thresholds and fnmatchcase(resource.name, override.match):
            return override.thresholds[rule.key]
    return environment.thresholds.get(rule.key, rule.threshold)


def verdicts_on(
    resources: Iterable[Resource],
    environment: Environment,
    spec: ServiceSpec,
    clearing: Resource | None,
    now: float,
    *,
    pace: float = 1.0,
) -> tuple[Verdict, ...]:
    """Everything that is not ok among `resources`, which are of one slot; `clearing` is that slot's account resource.

    Each rule is put once under each threshold, and once it is found whether the account clears it.
    """
    rules = _rules_by_kind(spec)
    # By identity: thresholds are few, live in the settings, and are cheaper to tell apart than to compare.
    put_already: dict[tuple[str, int], Question | None] = {}
    found: list[Verdict] = []
    for resource in resources:
        for rule in rules.get(resource.kind, ()):
            threshold = threshold_for(environment, rule, resource)
            key = (rule.key, id(threshold))
            if key not in put_already:
                cleared = clears(rule, threshold, clearing, spec, now, pace=pace)
                put_already[key] = None if cleared else put(rule, threshold, spec, now, pace=pace)
            question = put_already[key]
            judged = None if question is None else answer(question, resource)
            if judged is not None and judged.health is not Health.OK:
                found.append(Verdict(rule, judged, resource, resource.name))
    return tuple(found)


def without_echoes(verdicts: Sequence[Verdict], owner: str | None) -> tuple[Verdict, ...]:
    """The verdicts without those of owners whose part is as bad by the same rule: a function fails with its alias.

    `owner` is the relation that leads from a part to its owner (`ServiceSpec.owner`).
    """
    told: dict[tuple[str, str], int] = {}
    for verdict in verdicts:
        if owner and verdict.resource is not None and (name := verdict.resource.related.get(owner)):
            key = (verdict.rule.key, name)
            told[key] = max(told.get(key, 0), verdict.judgement.health.rank)
    return tuple(verdict for verdict in verdicts if verdict.judgement.health.rank > _told_by_part(told, verdict))


def _told_by_part(told: Mapping[tuple[str, str], int], verdict: Verdict) -> int:
    names = (verdict.resource.key, verdict.resource.name) if verdict.resource is not None else ()
    return max((told.get((verdict.rule.key, name), -1) for name in names), default=-1)


def unexplained(verdicts: Iterable[Verdict], failures: Sequence[Failure]) -> tuple[Verdict, ...]:
    """The verdicts without the unknowns whose reason is told already, as one of `failures` of the same look.

    A failure explains what is unknown of its own resource; refused metrics explain every rule over metrics.
    """
    subjects = {failure.resource for failure in failures}
    no_metrics = any(failure.resource is None and failure.operation == METRICS_CALL for failure in failures)

    def explained(verdict: Verdict) -> bool:
        if verdict.judgement.health is not Health.UNKNOWN or verdict.resource is None:
            return False
        own = {verdict.resource.key, verdict.resource.name}
        return bool(own & subjects) or (no_metrics and bool(metric_ids(verdict.rule)))

    return tuple(verdict for verdict in verdicts if not explained(verdict))


def gathered(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts, with the same unknown about many resources told once: `311 functions: error rate not read yet`."""
    groups: dict[tuple[str, str], list[Verdict]] = {}
    told: list[Verdict] = []
    for verdict in verdicts:
        if verdict.judgement.health is Health.UNKNOWN and verdict.resource is not None:
            groups.setdefault((verdict.rule.key, verdict.resource.kind), []).append(verdict)
        else:
            told.append(verdict)
    for (_, kind), group in groups.items():
        if len(group) <= FEW:
            told.extend(group)
            continue
        first = group[0]
        subject = plural(kind)
        reason = f"{len(group)} {subject}: {first.judgement.reason}"
        told.append(Verdict(first.rule, Judgement(Health.UNKNOWN, reason), None, subject))
    return tuple(told)


def plural(kind: str) -> str:
    """`function` → `functions`, `metric_alarm` → `metric alarms`, `alias` → `aliases`."""
    word = kind.replace("_", " ")
    return f"{word}es" if word.endswith("s") else f"{word}s"


def _rules_by_kind(spec: ServiceSpec) -> Mapping[str, Sequence[Rule]]:
    rules: dict[str, list[Rule]] = {}
    for rule in spec.rules:
        for kind in rule.kinds:
            rules.setdefault(kind, []).append(rule)
    return rules
