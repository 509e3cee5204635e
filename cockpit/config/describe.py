"""What was understood, in plain text: the answer of `cockpit --validate`. No secret is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cockpit.config import thresholds
from cockpit.config.settings import Account, Environment, Settings, System, Target
from cockpit.config.thresholds import service_of
from cockpit.model.ids import GLOBAL_REGION, SlotId
from cockpit.model.rule import Threshold
from cockpit.model.service import Catalogue, Reach
from cockpit.model.units import Unit, format_age, format_figure

_INDENT = "  "


def describe(settings: Settings, catalogue: Catalogue) -> str:
    """The whole configuration as understood."""
    paragraphs = (
        _general(settings, catalogue),
        _accounts(settings.accounts),
        _shared_thresholds(settings, catalogue),
        *(_system(system, settings, catalogue) for system in settings.systems),
    )
    return "\n\n".join("\n".join(paragraph) for paragraph in map(tuple, paragraphs) if paragraph) + "\n"


def slots_of(settings: Settings, catalogue: Catalogue) -> frozenset[SlotId]:
    """Every (account, region, service) that is polled."""
    targets = (target for environment in _watched(settings) for target in environment.targets)
    return frozenset(slot for target in targets for slot in _slots(target, settings, catalogue))


def _slots(target: Target, settings: Settings, catalogue: Catalogue) -> Iterator[SlotId]:
    for spec in catalogue.services:
        if spec.key not in target.services:
            continue
        # A bill is asked for where it is paid; a global service has one home.
        account = (spec.summarise and settings.accounts[target.account].payer) or target.account
        regions = (GLOBAL_REGION,) if spec.summarise or spec.reach is Reach.GLOBAL else target.regions
        yield from (SlotId(account, region, spec.key) for region in regions)


def _watched(settings: Settings) -> tuple[Environment, ...]:
    return (*settings.environments, *settings.templates)


def _general(settings: Settings, catalogue: Catalogue) -> Iterator[str]:
    polling = settings.polling
    yield f"configuration from {', '.join(settings.sources)}"
    yield f"{_INDENT}read-only     {'yes, nothing can be changed' if settings.read_only else 'no'}"
    if settings.rotate_seconds is not None:
        yield f"{_INDENT}rotation      every {_duration(settings.rotate_seconds)}"
    yield f"{_INDENT}state folder  {settings.state_dir}"
    yield (
        f"{_INDENT}polling       at most {format_figure(polling.ceiling_usd_per_day, Unit.USD)} a day; "
        f"{polling.concurrency} calls at once, {polling.concurrency_per_account} an account; "
        f"{_duration(polling.call_timeout_seconds)} a call; costs every {_duration(polling.cost_every_seconds)}; "
        f"pace {polling.pace:g}"
    )
    yield f"{_INDENT}crash reports {f'to Sentry as {settings.sentry.environment}' if settings.sentry else 'off'}"
    count = len(settings.environments), len(settings.templates)
    found = f" and {_counted(count[1], 'template')} of discovered ones" if count[1] else ""
    yield f"{_INDENT}watches       {_counted(count[0], 'environment')}{found}"
    yield f"{_INDENT}polls         {_counted(len(slots_of(settings, catalogue)), 'slot')} (account × region × service)"


def _accounts(accounts: Mapping[str, Account]) -> Iterator[str]:
    if not accounts:
        return
    yield _counted(len(accounts), "account")
    width = max(len(name) for name in accounts)
    for account in accounts.values():
        parts = [account.name.ljust(width), account.id, ", ".join(account.regions), _credentials(account)]
        if account.emulator:
            parts.append("an emulator, not billed")
        if account.payer:
            parts.append(f"billed to {account.payer}")
        if account.cost_tag:
            parts.append(f"costs by tag {account.cost_tag}")
        parts += [f"{key}={value}" for key, value in account.labels.items()]
        yield _INDENT + "  ".join(parts)


def _credentials(account: Account) -> str:
    """How the account is reached, without what is secret."""
    way = f"profile {account.profile}" if account.profile else "ambient credentials"
    if account.role_arn:
        guarded = [word for word, given in (("external id", account.external_id), ("MFA", account.mfa_serial)) if given]
        way += f" → {account.role_arn}" + (f" (with {' and '.join(guarded)})" if guarded else "")
    if account.endpoint_url:
        way += f" at {account.endpoint_url}"
    return way + "".join(f"; {client} at {url}" for client, url in account.endpoint_urls.items())


def _shared_thresholds(settings: Settings, catalogue: Catalogue) -> Sequence[str]:
    shared = _shared(settings, catalogue)
    if not shared:
        return ()
    heading = "thresholds that differ from the defaults, where an environment says nothing else"
    return (heading, *_thresholds(shared, {}, catalogue, _INDENT))


def _shared(settings: Settings, catalogue: Catalogue) -> dict[str, Threshold]:
    """What most of the environments that watch a service have in common and its rule does not have of its own."""
    shared = {}
    for key, default in thresholds.defaults(catalogue).items():
        watching = (one for one in _watched(settings) if service_of(key) in _services(one, catalogue))
        given = Counter(one.thresholds[key] for one in watching)
        common, count = (given.most_common(1) or [(default, 0)])[0]
        if common != default and 2 * count > given.total():
            shared[key] = common
    return shared


def _services(environment: Environment, catalogue: Catalogue) -> frozenset[str]:
    named = {service for target in environment.targets for service in target.services}
    bills = {spec.key for spec in catalogue.services if spec.summarise and environment.fixed_costs}
    return frozenset(named | bills)


def _system(system: System, settings: Settings, catalogue: Catalogue) -> Iterator[str]:
    yield system.name if system.title == system.name else f"{system.name}: {system.title}"
    known = thresholds.defaults(catalogue) | _shared(settings, catalogue)
    for environment in (*system.environments, *system.templates):
        yield from _environment(environment, known, catalogue)


def _environment(environment: Environment, known: Mapping[str, Threshold], catalogue: Catalogue) -> Iterator[str]:
    marks = ["protected"] if environment.protected else []
    if environment.monthly_budget_usd is not None:
        marks.append(f"budget {format_figure(environment.monthly_budget_usd, Unit.USD)} a month")
    if environment.pattern:
        marks.append(f"one for each match of {environment.pattern}")
    marks.append(f"actions {', '.join(environment.actions)}" if environment.actions else "no actions")
    yield f"{_INDENT}{environment.id.environment}  ({'; '.join(marks)})"
    inner = _INDENT * 2
    yield from (f"{inner}{_target(target)}" for target in environment.targets)
    for cost in environment.fixed_costs:
        yield f"{inner}fixed cost {cost.name}  {format_figure(cost.usd, Unit.USD)} a month"
    services = _services(environment, catalogue)
    own = {key: threshold for key, threshold in environment.thresholds.items() if service_of(key) in services}
    yield from _thresholds(own, known, catalogue, inner)
    for override in environment.overrides:
        yield from _thresholds(override.thresholds, environment.thresholds, catalogue, f"{inner}{override.match}: ")
    yield from (f"{inner}{link.title}  {link.url}" for link in environment.links)


def _target(target: Target) -> str:
    parts = [target.account, ", ".join(target.regions), ", ".join(target.services)]
    if target.names:
        parts.append(f"named {' or '.join(target.names)}")
    if target.tags:
        parts.append(f"tagged {' and '.join(f'{key}={value}' for key, value in target.tags.items())}")
    if target.stacks:
        parts.append(f"in stack {' or '.join(target.stacks)}")
    return "  ".join(parts)


def _thresholds(
    given: Mapping[str, Threshold], known: Mapping[str, Threshold], catalogue: Catalogue, indent: str
) -> Iterator[str]:
    for key, threshold in given.items():
        rule = catalogue.rule(key)
        if rule is None or threshold == known.get(key):
            continue
        limits = [
            f"{severity} {rule.direction.value} {format_figure(limit, rule.unit)}"
            if limit is not None
            else f"no {severity}"
            for severity, limit in (("warning", threshold.warning), ("critical", threshold.critical))
        ]
        window = f" for {_duration(threshold.for_seconds)}" if threshold.for_seconds else ""
        yield f"{indent}{key}  {', '.join(limits)}{window}"


def _duration(seconds: float) -> str:
    return format_age(seconds) if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
