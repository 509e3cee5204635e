"""What the keys of `profiles.toml` mean, in the order in which they are read. The shape has no room for sentences."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from cockpit.config import shape

TABLES: tuple[tuple[type[BaseModel], str, str], ...] = (
    (shape.Profiles, "Top level", "The cockpit itself."),
    (shape.PollingTable, "`[polling]`", "How hard to poll."),
    (shape.SentryTable, "`[sentry]`", "Crash reports of the cockpit itself. Without this table nothing is sent."),
    (shape.AccountTable, "`[accounts.NAME]`", "An account and how to reach it. Keys and passwords are refused."),
    (shape.SystemTable, "`[systems.S]`", "A product. It has `environments`, and it may `discover` more."),
    (
        shape.EnvironmentTable,
        "`[systems.S.environments.E]`",
        "An environment. It needs at least a target, or what it costs.",
    ),
    (
        shape.TemplateTable,
        "`[systems.S.discover.D]`",
        "Environments that come and go: every key of an environment, and two more. Braces hold names of groups.",
    ),
    (
        shape.TargetTable,
        "`[[systems.S.environments.E.targets]]`",
        "Where a part of the environment lives. `name`, `tag` and `stack` narrow; those that are given must all match.",
    ),
    (
        shape.ResourceTable,
        "`[[systems.S.environments.E.resources]]`",
        "Thresholds of single resources.",
    ),
    (shape.LinkTable, "One of `links`", "Shown with the environment."),
    (shape.FixedCostTable, "One of `fixed_costs`", "What is on no AWS bill, and still counts against the budget."),
)
"""Table → how it is written, and what it is."""

MEANING: Mapping[str, str] = {
    "Profiles.read_only": "nothing can be changed; once true in any source it stays true",
    "Profiles.state_dir": "folder of what is kept between runs (see below)",
    "Profiles.theme": "how the dashboard looks ([themes](themes.md)); without it, the one that was chosen last",
    "Profiles.ascii": "no characters beyond ASCII; so it is anyway where the locale has no UTF-8",
    "Profiles.keys": "keys of your own; [keys](keys.md) lists what can be named",
    "Profiles.rotate": "how long the dashboard shows each environment before it goes on by itself, 3 s to 1 h",
    "Profiles.thresholds": "of the whole fleet",
    "PollingTable.ceiling_usd_per_day": "what all polling may cost a day",
    "PollingTable.concurrency": "calls in flight, over all accounts",
    "PollingTable.concurrency_per_account": "calls in flight in one account",
    "PollingTable.call_timeout": "the longest that one call may take, with its retries",
    "PollingTable.cost_every": "how often bills are read; each look costs a cent or more",
    "PollingTable.pace": "factor on every other cadence: 2.0 polls half as often",
    "SentryTable.dsn": "where crash reports go",
    "SentryTable.environment": "name of the environment in Sentry",
    "AccountTable.id": "the 12 digits, in quotes; AWS must confirm them before anything is shown",
    "AccountTable.regions": "where to look",
    "AccountTable.profile": "AWS profile that credentials start from; without it, the usual chain of AWS",
    "AccountTable.role_arn": "role to assume with them",
    "AccountTable.external_id": "for that role, where it asks for one",
    "AccountTable.session_name": "name of the sessions, as CloudTrail shows it",
    "AccountTable.mfa_serial": "if the role wants a second factor; no code is asked for, the profile holds a session",
    "AccountTable.endpoint_url": "address of an emulator in place of AWS",
    "AccountTable.endpoint_urls": "the same for single services; goes before `endpoint_url`",
    "AccountTable.labels": "shown with the account, and nothing else",
    "AccountTable.payer": "name of the account whose bill holds this one's costs; without it, this one is asked itself",
    "AccountTable.cost_tag": "cost-allocation tag that tells the environments in one account apart",
    "AccountTable.emulator": "not AWS: its answers are not billed, and so not priced",
    "SystemTable.title": "as people call it",
    "WatchedTable.title": "as people call it",
    "WatchedTable.protected": "marked as production; a change will want its name typed and a reason",
    "WatchedTable.actions": "what may be changed here, by name; there is no action yet",
    "WatchedTable.monthly_budget_usd": "what spending and its forecast are held against",
    "WatchedTable.thresholds": "of this environment; each gives only what it changes",
    "WatchedTable.links": "runbooks, dashboards, sites",
    "WatchedTable.fixed_costs": "monthly costs that are on no AWS bill",
    "WatchedTable.targets": "where it lives",
    "WatchedTable.resources": "thresholds of single resources",
    "TemplateTable.pattern": "regular expression with named groups; each distinct match among resource names is one",
    "TemplateTable.environment": "name of each, with the groups in braces: `pr{number}`",
    "TargetTable.account": "name of an account",
    "TargetTable.services": "what to watch there",
    "TargetTable.regions": "some of the account's regions; without it, all",
    "TargetTable.name": "resources with such a name",
    "TargetTable.tag": "resources whose tags match, all of them",
    "TargetTable.stack": "resources of such a CloudFormation stack, and the stack itself",
    "ResourceTable.match": "pattern of resource names",
    "ResourceTable.thresholds": "for those",
    "LinkTable.title": "as shown",
    "LinkTable.url": "where it leads",
    "FixedCostTable.name": "as shown",
    "FixedCostTable.usd": "a month",
}
"""`Table.key` → meaning. Environments and templates share the keys of `WatchedTable`."""

VARIABLE_MEANING: Mapping[str, str] = {
    "COCKPIT_CONFIG": "the file, instead of those that are searched for",
    "COCKPIT_DEBUG": "`1` shows the traceback of an internal error",
}
