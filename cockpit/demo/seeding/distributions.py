"""CloudFront distributions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.cloudfront.models import cloudfront_backends

from cockpit.demo.emulator.world import World
from cockpit.demo.fleet.parts import DAY, Distribution
from cockpit.demo.telemetry.distributions import DistributionLoad
from cockpit.demo.telemetry.noise import seed
from cockpit.demo.telemetry.timeline import Timeline

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def put_distributions(
    world: World, account_id: str, region: str, distributions: tuple[Distribution, ...], start: float
) -> None:
    """Create the distributions of an account; their metrics are in `region`."""
    if not distributions:
        return
    backend, place = cloudfront_backends[account_id]["aws"], world.place(account_id, region)
    for part in distributions:
        tags = [{"Key": key, "Value": value} for key, value in part.tags.items()]
        made, _, _ = backend.create_distribution(_config(part), tags)
        identity = distribution_id(part.domain)
        _rename(backend, made, identity, account_id)
        made.last_modified_time = datetime.fromtimestamp(start - 3 * DAY - seed(identity) % 1_000_000, UTC)
        place.distributions[identity] = DistributionLoad(
            identity,
            part.per_minute,
            part.hit_percent,
            part.error_4xx_percent,
            part.error_5xx_percent,
            part.origin_ms,
            Timeline(part.detailed),
        )


def distribution_id(domain: str) -> str:
    """The id of the distribution for a domain: the same at every start, so that what is stored about it stays true."""
    number, letters = seed("first", domain) << 48 | seed("second", domain), []
    for _ in range(13):
        number, place = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "E" + "".join(letters)


def _rename(backend: Any, made: Any, identity: str, account_id: str) -> None:
    """Give a distribution its lasting id; moto's are random."""
    old_arn = made.arn
    del backend.distributions[made.distribution_id]
    made.distribution_id = made.id = identity
    made.arn = f"arn:aws:cloudfront::{account_id}:distribution/{identity}"
    made.domain_name = f"d{seed(identity) % 36**10:x}.cloudfront.net"
    backend.distributions[identity] = made
    backend.tagger.copy_tags(old_arn, made.arn)
    backend.tagger.delete_all_tags_for_resource(old_arn)


def _config(part: Distribution) -> dict[str, Any]:
    origin = f"{part.comment.lower()}-site"
    return {
        "CallerReference": part.domain,
        "Comment": part.comment,
        "Enabled": True,
        "Aliases": {"Quantity": 1, "Items": [part.domain]},
        "Origins": {
            "Quantity": 1,
            "Items": [
                {
                    "Id": origin,
                    "DomainName": f"{origin}.s3.us-east-1.amazonaws.com",
                    "S3OriginConfig": {"OriginAccessIdentity": ""},
                }
            ],
        },
        "DefaultCacheBehavior": {"TargetOriginId": origin, "ViewerProtocolPolicy": "redirect-to-https"},
        "ViewerCertificate": {
            "CloudFrontDefaultCertificate": False,
            "ACMCertificateArn": f"arn:aws:acm:us-east-1:111122223333:certificate/{seed(part.domain):012x}",
            "MinimumProtocolVersion": "TLSv1.2_2021",
            "SSLSupportMethod": "sni-only",
        },
        "PriceClass": "PriceClass_100",
        "HttpVersion": "http2and3",
    }
