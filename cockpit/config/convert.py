"""From the checked raw shape to the frozen settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from cockpit.config import thresholds
from cockpit.config.keys import keymap
from cockpit.config.settings import (
    Account,
    Environment,
    FixedCost,
    Override,
    Polling,
    Sentry,
    Settings,
    System,
    Target,
)
from cockpit.config.shape import (
    AccountTable,
    PollingTable,
    Profiles,
    SentryTable,
    SystemTable,
    TargetTable,
    TemplateTable,
    WatchedTable,
)
from cockpit.model.ids import EnvironmentId
from cockpit.model.rule import Threshold
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Link


def to_settings(profiles: Profiles, catalogue: Catalogue, *, state_dir: Path, sources: tuple[str, ...]) -> Settings:
    """The settings that `profiles` mean. Expects that every check has passed."""
    accounts = {name: _account(name, table) for name, table in profiles.accounts.items()}
    fleet = thresholds.merged(thresholds.defaults(catalogue), profiles.thresholds, catalogue)
    return Settings(
        accounts=accounts,
        systems=tuple(_system(name, table, accounts, fleet, catalogue) for name, table in profiles.systems.items()),
        polling=_polling(profiles.polling),
        read_only=profiles.read_only,
        sentry=_sentry(profiles.sentry) if profiles.sentry else None,
        state_dir=state_dir,
        theme=profiles.theme,
        ascii=profiles.ascii,
        rotate_seconds=profiles.rotate,
        keys=keymap(profiles.keys),
        sources=sources,
    )


def _account(name: str, table: AccountTable) -> Account:
    account = Account(
        name=name,
        id=table.id,
        regions=_once(table.regions),
        profile=table.profile,
        role_arn=table.role_arn,
        external_id=table.external_id,
        mfa_serial=table.mfa_serial,
        endpoint_url=table.endpoint_url,
        endpoint_urls=dict(table.endpoint_urls),
        labels=dict(table.labels),
        payer=table.payer,
        cost_tag=table.cost_tag,
        emulator=table.emulator,
    )
    return replace(account, session_name=table.session_name) if table.session_name else account


def _system(
    name: str,
    table: SystemTable,
    accounts: Mapping[str, Account],
    fleet: Mapping[str, Threshold],
    catalogue: Catalogue,
) -> System:
    def watched(environment: str, inner: WatchedTable) -> Environment:
        return _environment(EnvironmentId(name, environment), inner, accounts, fleet, catalogue)

    return System(
        name=name,
        title=table.title or name,
        environments=tuple(watched(key, inner) for key, inner in table.environments.items()),
        templates=tuple(watched(inner.environment, inner) for inner in table.discover.values()),
    )


def _environment(
    id_: EnvironmentId,
    table: WatchedTable,
    accounts: Mapping[str, Account],
    fleet: Mapping[str, Threshold],
    catalogue: Catalogue,
) -> Environment:
    own = thresholds.merged(fleet, table.thresholds, catalogue)
    return Environment(
        id=id_,
        title=table.title or f"{id_.system} {id_.environment}",
        targets=tuple(_target(target, accounts[target.account]) for target in table.targets),
        protected=table.protected,
        actions=_once(table.actions),
        monthly_budget_usd=table.monthly_budget_usd,
        thresholds=own,
        overrides=tuple(_override(r.match, r.thresholds, own, catalogue) for r in table.resources),
        links=tuple(Link(link.title, link.url) for link in table.links),
        fixed_costs=tuple(FixedCost(cost.name, cost.usd) for cost in table.fixed_costs),
        pattern=table.pattern if isinstance(table, TemplateTable) else None,
    )


def _override(match: str, tables: thresholds.Tables, base: Mapping[str, Threshold], catalogue: Catalogue) -> Override:
    merged = thresholds.merged(base, tables, catalogue)
    return Override(match, {key: merged[key] for key in thresholds.changed_keys(tables, catalogue)})


def _target(table: TargetTable, account: Account) -> Target:
    return Target(
        account=table.account,
        regions=_once(table.regions or account.regions),
        services=_once(table.services),
        names=_once(table.name or ()),
        tags=dict(table.tag or {}),
        stacks=_once(table.stack or ()),
    )


def _polling(table: PollingTable) -> Polling:
    usual = Polling()
    return Polling(
        ceiling_usd_per_day=table.ceiling_usd_per_day or usual.ceiling_usd_per_day,
        concurrency=table.concurrency or usual.concurrency,
        concurrency_per_account=table.concurrency_per_account or usual.concurrency_per_account,
        call_timeout_seconds=table.call_timeout or usual.call_timeout_seconds,
        cost_every_seconds=table.cost_every or usual.cost_every_seconds,
        pace=table.pace or usual.pace,
    )


def _sentry(table: SentryTable) -> Sentry:
    sentry = Sentry(table.dsn)
    return replace(sentry, environment=table.environment) if table.environment else sentry


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    """Each name once, in the order given."""
    return tuple(dict.fromkeys(names))
