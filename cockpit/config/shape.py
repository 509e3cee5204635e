"""The raw shape of `profiles.toml` and `COCKPIT_*`: which keys there are and what a single value may be.

What keys mean together (references, selectors, thresholds) is checked elsewhere; see `cockpit.config.loader`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool
from pydantic_settings import BaseSettings, SettingsConfigDict

from cockpit.config import formats
from cockpit.config.interface import interface
from cockpit.config.problems import or_listed, quoted
from cockpit.config.quantities import duration_seconds, quantity
from cockpit.model.units import Unit

SHORTEST_TURN_SECONDS = 3.0
LONGEST_TURN_SECONDS = 3600.0
"""Less cannot be read; more is no rotation."""


def _checked(wrong: Callable[[str], str | None]) -> AfterValidator:
    """A validator from a check that answers with a sentence."""

    def validate(value: str) -> str:
        sentence = wrong(value)
        if sentence:
            raise ValueError(sentence)
        return value

    return AfterValidator(validate)


def _wrong_text(value: str) -> str | None:
    if not value.strip():
        return "must not be empty"
    # It will be shown in a terminal, which takes some of them for orders.
    return None if value.isprintable() else "holds a line break or another character that cannot be shown"


def _wrong_theme(value: str) -> str | None:
    themes = interface().themes
    return None if value in themes else f"there is no theme {quoted(value)}{or_listed(value, themes, none='')}"


def _refuse_bare_id(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        raise ValueError(formats.bare_account_id(value))  # noqa: TRY004 - pydantic collects ValueErrors
    return value


def _positive(value: float) -> float:
    if value <= 0:
        raise ValueError("must be more than 0")
    return value


def _readable_turn(value: float) -> float:
    if not SHORTEST_TURN_SECONDS <= value <= LONGEST_TURN_SECONDS:
        raise ValueError('must be between "3s" and "1h"')
    return value


def _dollars(value: object) -> float:
    return quantity(value, Unit.USD)


def _some(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        raise ValueError("is an empty list, which nothing can match: name at least one, or leave the key out")
    return values


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, _checked(_wrong_text)]
Link = Annotated[str, _checked(formats.wrong_link)]
Endpoint = Annotated[str, _checked(formats.wrong_endpoint)]
Texts = Annotated[tuple[Text, ...], Field(strict=False)]
Services = Annotated[tuple[Text, ...], Field(strict=False), AfterValidator(_some)]
Regions = Annotated[
    tuple[Annotated[str, _checked(formats.wrong_region)], ...], Field(strict=False), AfterValidator(_some)
]
Globs = Annotated[tuple[str, ...], Field(strict=False), BeforeValidator(_listed)]
"""One glob pattern or a list of them. An empty one is told apart from a missing one, so it is checked later."""
Duration = Annotated[float, AfterValidator(_positive), BeforeValidator(duration_seconds)]
Turn = Annotated[float, AfterValidator(_readable_turn), BeforeValidator(duration_seconds)]
Dollars = Annotated[float, AfterValidator(_positive), BeforeValidator(_dollars)]
Thresholds = dict[str, dict[str, object]]
"""`{"lambda.error_rate": {…}}` or `{"lambda": {"error_rate": {…}}}`; read by `cockpit.config.thresholds`."""

Bindings = dict[str, object]
"""`{"app.refresh": "f5"}` or `{"app": {"refresh": ["f5", "ctrl+r"]}}`; read by `cockpit.config.keys`."""


class Table(BaseModel):
    """A TOML table whose keys are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class AccountTable(Table):
    """`[accounts.NAME]`."""

    id: Annotated[str, _checked(formats.wrong_account_id), BeforeValidator(_refuse_bare_id)]
    regions: Regions
    profile: Text | None = None
    role_arn: Annotated[str, _checked(formats.wrong_role_arn)] | None = None
    external_id: Annotated[str, _checked(formats.wrong_external_id)] | None = Field(default=None, repr=False)
    session_name: Annotated[str, _checked(formats.wrong_session_name)] | None = None
    mfa_serial: Annotated[str, _checked(formats.wrong_mfa_serial)] | None = None
    endpoint_url: Endpoint | None = None
    endpoint_urls: dict[str, Endpoint] = {}
    labels: dict[str, Text] = {}
    payer: Text | None = None
    cost_tag: Text | None = None
    emulator: bool = False


class TargetTable(Table):
    """`[[systems.S.environments.E.targets]]`."""

    account: Text
    services: Services
    regions: Regions | None = None
    name: Globs | None = None
    tag: dict[str, str] | None = None
    stack: Globs | None = None


class ResourceTable(Table):
    """`[[systems.S.environments.E.resources]]`."""

    match: str
    thresholds: Thresholds


class LinkTable(Table):
    """One of `links`."""

    title: Text
    url: Link


class FixedCostTable(Table):
    """One of `fixed_costs`."""

    name: Text
    usd: Dollars


class WatchedTable(Table):
    """What environments and templates of environments share."""

    title: Text | None = None
    protected: bool = False
    actions: Texts = ()
    monthly_budget_usd: Dollars | None = None
    thresholds: Thresholds = {}
    links: Annotated[tuple[LinkTable, ...], Field(strict=False)] = ()
    fixed_costs: Annotated[tuple[FixedCostTable, ...], Field(strict=False)] = ()
    targets: Annotated[tuple[TargetTable, ...], Field(strict=False)] = ()
    resources: Annotated[tuple[ResourceTable, ...], Field(strict=False)] = ()


class EnvironmentTable(WatchedTable):
    """`[systems.S.environments.E]`."""


class TemplateTable(WatchedTable):
    """`[systems.S.discover.D]`."""

    pattern: Text
    environment: Text


class SystemTable(Table):
    """`[systems.S]`."""

    title: Text | None = None
    environments: dict[str, EnvironmentTable] = {}
    discover: dict[str, TemplateTable] = {}


class PollingTable(Table):
    """`[polling]`; what is not given keeps the default of `cockpit.config.settings.Polling`."""

    ceiling_usd_per_day: Dollars | None = None
    concurrency: Annotated[int, AfterValidator(_positive)] | None = None
    concurrency_per_account: Annotated[int, AfterValidator(_positive)] | None = None
    call_timeout: Duration | None = None
    cost_every: Duration | None = None
    pace: Annotated[float, Field(allow_inf_nan=False), AfterValidator(_positive)] | None = None


class SentryTable(Table):
    """`[sentry]`."""

    dsn: Annotated[str, _checked(formats.wrong_dsn)] = Field(repr=False)
    environment: Text | None = None


class Profiles(BaseSettings):
    """Everything that can be configured. Sources, lowest first: the file, `COCKPIT_*`, flags."""

    model_config = SettingsConfigDict(
        env_prefix="cockpit_",
        env_nested_delimiter="__",
        # Names of variables are folded before they come here; keys of the file are never folded.
        case_sensitive=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    read_only: StrictBool = False
    state_dir: Text | None = None
    theme: Annotated[str, _checked(_wrong_theme)] | None = None
    ascii: StrictBool = False
    rotate: Turn | None = None
    keys: Bindings = {}
    polling: PollingTable = PollingTable()
    sentry: SentryTable | None = None
    thresholds: Thresholds = {}
    accounts: dict[str, AccountTable] = {}
    systems: dict[str, SystemTable] = {}
