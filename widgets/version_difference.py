"""What differs between two versions of a thing, fact by fact. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cockpit.model.inquiry import Version
from cockpit.model.resource import Fact
from cockpit.model.units import Unit, format_figure
from widgets.facts import fact_label, fact_text, unit_of

_HASH_CHARACTERS = 12
_LISTED = {"layers": "layer", "environment_keys": "environment variable"}
"""Facts that are lists with commas, and what one entry is called."""
_NOTHING = "–"
_LATEST = "$LATEST"


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One thing that changed."""

    label: str
    before: str
    after: str
    more: str = ""
    """How much it grew or shrank."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that changed, and the names of what did not."""

    before: Version
    after: Version
    rows: tuple[DifferenceRow, ...]
    unchanged: tuple[str, ...]


def version_difference(before: Version, after: Version, now: float) -> Difference:
    """From the older version to the newer one. `now` is for moments among the facts (epoch seconds)."""
    rows: list[DifferenceRow] = []
    unchanged: list[str] = []
    for name in dict.fromkeys((*after.facts, *before.facts)):
        old, new = before.facts.get(name), after.facts.get(name)
        label = label_of(name)
        if _is_empty(old) and _is_empty(new):
            continue
        if old == new:
            unchanged.append(label)
        elif name in _LISTED:
            rows += _listed(_LISTED[name], _entries(old), _entries(new))
        else:
            rows.append(DifferenceRow(label, shown(name, old, now), shown(name, new, now), _grown(name, old, new)))
    return Difference(before, after, tuple(rows), tuple(unchanged))


def label_of(name: str) -> str:
    """What a fact of a version is called."""
    return {"code_sha256": "code", "code_bytes": "size", "environment_keys": "environment variables"}.get(
        name, fact_label(name)
    )


def shown(name: str, value: Fact, now: float) -> str:
    """A fact as text; a hash by its beginning."""
    if "sha256" in name and isinstance(value, str):
        return value[:_HASH_CHARACTERS]
    return fact_text(name, value, now)


def before_of(versions: Sequence[Version], version: Version) -> Version | None:
    """The version that was published before: the next older one in a list that begins with the newest."""
    older = iter(versions)
    for one in older:
        if one.name == version.name:
            return next(older, None)
    return None


def served_by(versions: Sequence[Version], alias: str) -> Version | None:
    """The version that has most of an alias's traffic; without an alias, or where it is unknown, the newest one."""
    shares = [(share, version) for version in versions for name, share in version.aliases if name == alias]
    if shares:
        return max(shares, key=lambda pair: pair[0])[1]
    aliased = next((version for version in versions if version.aliases), None)
    published = next((version for version in versions if version.name != _LATEST), None)
    return aliased or published or (versions[0] if versions else None)


def aliases_text(version: Version) -> str:
    """`live`, `live 90 %, beta`: who points at it, with the share where it is not all."""
    return ", ".join(
        name if share >= 1 else f"{name} {format_figure(100 * share, Unit.PERCENT)}" for name, share in version.aliases
    )


def _is_empty(value: Fact) -> bool:
    return value is None or value == ""


def _entries(value: Fact) -> list[str]:
    return [entry.strip() for entry in str(value).split(",") if entry.strip()] if value else []


def _listed(label: str, old: Sequence[str], new: Sequence[str]) -> Iterator[DifferenceRow]:
    """Entries that went and came. A layer in another version is one row, not two."""
    gone = {_stem(label, entry): entry for entry in old if entry not in new}
    come = {_stem(label, entry): entry for entry in new if entry not in old}
    for stem in sorted(gone.keys() | come.keys()):
        before, after = gone.get(stem), come.get(stem)
        more = "added" if before is None else "removed" if after is None else ""
        yield DifferenceRow(label, _entry(before), _entry(after), more)


def _stem(label: str, entry: str) -> str:
    """A layer without its version (`otel:7`); other entries are whole."""
    head, _, version = entry.rpartition(":")
    return head if label == "layer" and version.isdigit() else entry


def _entry(entry: str | None) -> str:
    """A layer by name and version: the rest of its ARN is the same all over."""
    return _NOTHING if entry is None else entry.rpartition(":layer:")[2] or entry


def _grown(name: str, old: Fact, new: Fact) -> str:
    numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in (old, new))
    if not numbers or name.endswith("_at"):
        return ""
    delta = float(new or 0) - float(old or 0)
    figure = f"{format_figure(abs(delta), Unit.COUNT)} MB" if name.endswith("_mb") else ""
    return f"{'+' if delta > 0 else '-'}{figure or format_figure(abs(delta), unit_of(name))}"
