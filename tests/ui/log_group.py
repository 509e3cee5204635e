"""A log group that answers as CloudWatch does: pages, tokens, lines that show up late."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field

from cockpit.model.inquiry import LogLine, LogPage, LogQuery
from cockpit.model.verdict import Failure, Outcome
from tests.ui.known import NOW


def line(number: int, at: float, level: str = "INFO", text: str = "") -> LogLine:
    """A line whose id is its number."""
    return LogLine(f"id-{number}", at, level, text or f"order {number} paid", "2026/03/02/[42]abc")


def denied() -> Failure:
    """What a role without the permission gets."""
    return Failure(
        Outcome.DENIED,
        "combo-sandbox",
        "eu-west-1",
        "lambda",
        "FilterLogEvents",
        "AccessDeniedException",
        "logs:FilterLogEvents is not allowed.",
        NOW,
        iam_action="logs:FilterLogEvents",
        remedy="Allow logs:FilterLogEvents for the role cockpit-read.",
    )


@dataclass
class LogGroup:
    """Lines that are there now; tests add to them as time goes on."""

    lines: list[LogLine] = field(default_factory=list)
    failure: Failure | None = None
    queries: list[LogQuery] = field(default_factory=list)

    def write(self, *lines: LogLine) -> None:
        """They show up from now on."""
        self.lines = sorted((*self.lines, *lines), key=lambda one: one.at)

    def page(self, query: LogQuery) -> LogPage:
        """One answer. A token is how many lines of the same question were told already."""
        self.queries.append(query)
        if self.failure is not None:
            return LogPage((), query.token, self.failure)
        end = float("inf") if query.end is None else query.end
        found = [one for one in self.lines if query.start <= one.at < end]
        told = int(query.token or 0)
        if query.newest:
            last = len(found) - told
            part = found[max(0, last - query.limit) : last]
        else:
            part = found[told : told + query.limit]
        more = told + len(part) < len(found)
        return LogPage(tuple(part), str(told + len(part)) if more else None, group="/aws/lambda/payments-1")

    async def ask(self, query: LogQuery) -> LogPage:
        """As a feed asks."""
        return self.page(query)

    def logs(self, resource: str, query: LogQuery) -> Future[LogPage]:
        """As a screen asks."""
        future: Future[LogPage] = Future()
        future.set_result(self.page(query))
        return future
