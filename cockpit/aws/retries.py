"""botocore's standard retries, with a quota for each account.

botocore keeps one retry quota a client. Here a client serves every account, and one sick account would use up
the retries of all the others. So the handler is replaced by one that has a quota for each account.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiobotocore.retries.standard import AioRetryHandler, AioRetryPolicy, AioStandardRetryConditions
from botocore.retries.quota import RetryQuota
from botocore.retries.standard import ExponentialBackoff, RetryEventAdapter, RetryQuotaChecker

ATTEMPTS = 3


class AccountRetries:
    """Decides about retries of one client, account by account."""

    def __init__(self, account_now: Callable[[], str]) -> None:
        self._account_now = account_now
        self._adapter = RetryEventAdapter()
        self._policy = AioRetryPolicy(AioStandardRetryConditions(max_attempts=ATTEMPTS), ExponentialBackoff())
        self._quotas: dict[str, RetryQuotaChecker] = {}

    def install(self, client: Any) -> None:
        """Take the place of the handler that aiobotocore has registered."""
        events, name = client.meta.events, client.meta.service_model.service_id.hyphenize()
        unique_id = f"retry-config-{name}"
        events.unregister(f"needs-retry.{name}", unique_id=unique_id)
        events.register(f"needs-retry.{name}", self.needs_retry, unique_id=unique_id)
        events.register(f"after-call.{name}", self.release, unique_id=f"retry-quota-{name}")

    async def needs_retry(self, **event: Any) -> Any:
        """Seconds to wait before the next attempt, or None."""
        handler = AioRetryHandler(self._policy, self._adapter, self._quota())
        return await handler.needs_retry(**event)

    def release(self, context: dict[str, Any], http_response: Any, **_: Any) -> None:
        """Give quota back after an answer."""
        self._quota().release_retry_quota(context, http_response)

    def _quota(self) -> RetryQuotaChecker:
        return self._quotas.setdefault(self._account_now(), RetryQuotaChecker(RetryQuota()))
