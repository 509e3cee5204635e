"""A resource in rows: what it is, what belongs to it, what happened to it; and as raw data. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any

from cockpit.model.event import Event, EventKind
from cockpit.model.finding import Finding
from cockpit.model.resource import Resource
from cockpit.model.units import format_age
from cockpit.model.verdict import Health
from screens.relations import Related
from screens.service_rows import shared_findings, told_elsewhere
from screens.sight import View
from widgets.event_items import mark_of, words_of
from widgets.facts import FactRow, empty_facts, fact_rows, section, text_rows
from widgets.glyphs import glyph, role
from widgets.line import Run
from widgets.plot_axis import Mark
from widgets.times import moment_text

EVENTS_SHOWN = 8
SAME_SECONDS = 60
"""Changes nearer to each other than this are one, told by two."""
RELATED_SHOWN = 40
"""A composite alarm may name hundreds; they are counted beyond this."""


def about_rows(resource: Resource, view: View) -> list[FactRow]:
    """Identity, facts, tags."""
    snapshot, now = view.snapshot, view.now
    observation = snapshot.observations.get(resource.slot)
    age = observation.age_seconds(now) if observation else None
    account = next((one for one in snapshot.accounts if one.name == resource.slot.account), None)
    about = {
        "kind": resource.kind.replace("_", " "),
        "account": f"{resource.slot.account} ({account.account_id})" if account else resource.slot.account,
        "region": resource.slot.region,
        "seen": f"{format_age(age)} ago" if age is not None else "–",
        "stack": resource.stack or "",
    }
    return [
        *section("RESOURCE", text_rows("about", {name: text for name, text in about.items() if text})),
        *section("FACTS", (*fact_rows(resource.facts, now), *empty_facts(resource.facts))),
        *section("TAGS", text_rows("tag", resource.tags)),
        *section("IDENTITY", [FactRow("id", "arn" if resource.key.startswith("arn:") else "id", resource.key)]),
    ]


def related_rows(related: Sequence[Related], view: View) -> tuple[FactRow, ...]:
    """What belongs to it, each with its state; enter opens it."""
    rows = []
    for number, one in enumerate(related[:RELATED_SHOWN]):
        key = f"related|{one.relation}|{one.resource.key if one.resource else number}"
        if one.resource is None:
            rows.append(FactRow(key, one.relation, one.name))
            continue
        health, muted = _health(one.resource, view), view.muted_of(one.resource)
        mark = Run(glyph(health, muted), role(health, muted))
        rows.append(FactRow(key, one.relation, one.name, target=one.resource.key, mark=mark))
    if len(related) > RELATED_SHOWN:
        rows.append(FactRow("related|more", "", f"and {len(related) - RELATED_SHOWN} more", role="dim"))
    return section("RELATED", rows)


def _health(resource: Resource, view: View) -> Health:
    """Its own, or what is told of it at another place: a function whose alias fails is not well."""
    health, spec = view.health_of(resource), view.context.catalogue.service(resource.slot.service)
    if health is not Health.OK or spec is None:
        return health
    near = [one for one in view.snapshot.findings if one.slot == resource.slot and one.counts]
    told = told_elsewhere(resource, shared_findings(near, spec, view), spec, view)
    return told.health if told is not None else health


def event_rows(events: Iterable[Event], now: float) -> tuple[FactRow, ...]:
    """What happened to it lately, newest first."""
    rows = [
        FactRow(
            f"event|{event.number}|{event.at}|{event.kind.value}",
            moment_text(event.at, now),
            f"over: {words_of(event)}" if event.kind is EventKind.ENDED else words_of(event),
            mark=mark_of(event),
        )
        for event in islice(events, EVENTS_SHOWN)
    ]
    return section("RECENT", rows)


def changes(findings: Iterable[Finding], events: Iterable[Event]) -> list[Mark]:
    """What was changed, oldest first: as the timeline tells it, and as its findings do."""
    marks = [Mark(event.at, event.words) for event in events if event.kind is EventKind.CHANGED]
    told = [Mark(one.changed.at, one.changed.words) for one in findings if one.changed is not None]
    marks += [one for one in told if all(abs(one.at - other.at) >= SAME_SECONDS for other in marks)]
    return sorted(set(marks), key=lambda mark: mark.at)


def raw_text(resource: Resource) -> str:
    """The resource as JSON, as it is kept: facts, tags, relations and series."""
    plain: dict[str, Any] = {
        "key": resource.key,
        "slot": asdict(resource.slot),
        "kind": resource.kind,
        "name": resource.name,
        "stack": resource.stack,
        "shared": resource.shared,
        "facts": dict(resource.facts),
        "tags": dict(resource.tags),
        "related": dict(resource.related),
        "series": {
            name: {
                "start": series.start,
                "period_seconds": series.period_seconds,
                "coverage": series.coverage.value,
                "values": list(series.values),
            }
            for name, series in resource.series.items()
        },
    }
    return _one_line_lists(json.dumps(plain, indent=2, ensure_ascii=False, default=str))


def _one_line_lists(text: str) -> str:
    """Lists of figures on one line each: a series is read across, not down."""
    lines: list[str] = []
    held: list[str] | None = None
    for line in text.splitlines():
        stripped = line.strip()
        if held is None and line.endswith('"values": ['):
            held = [line]
        elif held is not None:
            held.append(stripped)
            if stripped in {"]", "],"}:
                lines.append(held[0] + " ".join(held[1:-1]) + stripped)
                held = None
        else:
            lines.append(line)
    return "\n".join(lines)
