"""CloudFront. What moto lacks: monitoring subscriptions, and invalidations that take a while.

moto's invalidations are born `COMPLETED` and their CallerReference means nothing. Shapes: botocore's model of
CloudFront 2020-05-31. Rules: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_InvalidationBatch.html and
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-invalidations
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.cloudfront import urls
from moto.cloudfront.models import Invalidation
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult

from cockpit.demo.emulator.gate import fail
from cockpit.demo.emulator.routes import serve
from cockpit.demo.emulator.world import World
from cockpit.demo.telemetry.distributions import DistributionLoad

INVALIDATION_SECONDS = 24.0
_MOST_PATHS, _MOST_WILDCARDS = 3000, 15
_SUBSCRIPTION = r"{0}/2020-05-31/distributions/(?P<distribution_id>[^/]+)/monitoring-subscription$"
_EVERYWHERE = "us-east-1"
"""Region whose CloudWatch has CloudFront's metrics."""


class CloudFront(CloudFrontResponse):
    """moto's answers, mended."""

    world: World

    def create_invalidation(self) -> ActionResult:
        """Begin an invalidation, or answer with the one that this CallerReference began."""
        distribution_id = self._get_param("DistributionId")
        paths = list(self._get_param("InvalidationBatch.Paths.Items", []))
        reference = self._get_param("InvalidationBatch.CallerReference")
        with self.world.lock:
            self.backend.get_distribution(distribution_id)
            known = self.backend.invalidations.setdefault(distribution_id, [])
            same = next((one for one in known if one.caller_ref == reference), None)
            if same is not None and list(same.paths) != paths:
                raise fail(
                    "InvalidationBatchAlreadyExists",
                    "Your caller reference is associated with another invalidation batch with different content.",
                )
            if same is None:
                self._check_limits(known, paths)
                same = self.backend.create_invalidation(distribution_id, paths, reference)
                same.started_at = self.world.clock()
                same.create_time = datetime.fromtimestamp(same.started_at, UTC)
                if "/*" in paths and (load := self._load(distribution_id)) is not None:
                    load.emptied.append(same.started_at)
        return ActionResult({"Invalidation": self._current(same), "Location": same.location})

    def list_invalidations(self) -> Any:
        """Answer with the newest first, each in its state of now."""
        distribution_id = self._get_param("DistributionId")
        self.backend.get_distribution(distribution_id)
        for one in self.backend.invalidations.get(distribution_id, ()):
            self._current(one)
        newest_first = sorted(
            self.backend.invalidations.get(distribution_id, ()), key=lambda one: str(one.create_time), reverse=True
        )
        self.backend.invalidations[distribution_id] = newest_first
        return super().list_invalidations()

    def get_invalidation(self) -> ActionResult:
        """Answer with an invalidation in its state of now."""
        found = self.backend.get_invalidation(self._get_param("DistributionId"), self._get_param("Id"))
        return ActionResult({"Invalidation": self._current(found)})

    def get_monitoring_subscription(self) -> ActionResult:
        """Answer for a distribution whose additional metrics are paid for."""
        load = self._required_load()
        if not load.detailed.now:
            raise fail("NoSuchMonitoringSubscription", "The specified monitoring subscription does not exist.")
        return ActionResult(_subscription())

    def create_monitoring_subscription(self) -> ActionResult:
        """From now on there are additional metrics."""
        self._required_load().detailed.change(self.world.clock(), value=True)
        return ActionResult(_subscription())

    def delete_monitoring_subscription(self) -> ActionResult:
        """From now on there are none."""
        self._required_load().detailed.change(self.world.clock(), value=False)
        return EmptyResult()

    def _check_limits(self, known: list[Any], paths: list[str]) -> None:
        running = [path for one in known if self._current(one).status == "InProgress" for path in one.paths]
        wildcards = sum("*" in path for path in (*running, *paths))
        if len(running) + len(paths) - wildcards > _MOST_PATHS or wildcards > _MOST_WILDCARDS:
            raise fail(
                "TooManyInvalidationsInProgress",
                "Processing your request will cause you to exceed the maximum number of in-progress invalidations. "
                "Please wait for your invalidations to complete and retry your request.",
            )

    def _current(self, invalidation: Invalidation) -> Invalidation:
        age = self.world.clock() - getattr(invalidation, "started_at", 0.0)
        invalidation.status = "InProgress" if age < INVALIDATION_SECONDS else "Completed"
        return invalidation

    def _required_load(self) -> DistributionLoad:
        distribution_id = self._get_param("DistributionId")
        self.backend.get_distribution(distribution_id)
        load = self._load(distribution_id)
        if load is None:
            raise fail("NoSuchDistribution", "The specified distribution does not exist.")
        return load

    def _load(self, distribution_id: str) -> DistributionLoad | None:
        return self.world.place(self.current_account, _EVERYWHERE).distributions.get(distribution_id)


def _subscription() -> dict[str, Any]:
    config = {"RealtimeMetricsSubscriptionStatus": "Enabled"}
    return {"MonitoringSubscription": {"RealtimeMetricsSubscriptionConfig": config}}


def install(world: World) -> None:
    """Answer for CloudFront as AWS does."""
    CloudFront.world = world
    serve(urls, CloudFront, _SUBSCRIPTION)
