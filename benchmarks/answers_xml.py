"""Recorded answers of the services that speak XML: RDS, CloudFront, STS."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from urllib.parse import parse_qs

from benchmarks.shape import Request, Shape

XML_TYPE = "text/xml"


def rds(request: Request, shape: Shape) -> tuple[str, bytes] | None:
    action = parse_qs(request.body.decode()).get("Action", [""])[0]
    inner = {
        "DescribeDBInstances": "<DBInstances>"
        + "".join(_database(request, n) for n in range(shape.databases))
        + "</DBInstances>",
        "DescribeDBClusters": "<DBClusters/>",
        "DescribePendingMaintenanceActions": "<PendingMaintenanceActions/>",
        "DescribeDBParameters": "<Parameters/>",
    }.get(action)
    if inner is None:
        return None
    return XML_TYPE, _query_xml(action, inner, "http://rds.amazonaws.com/doc/2014-10-31/")


def _query_xml(action: str, inner: str, namespace: str) -> bytes:
    meta = "<ResponseMetadata><RequestId>6f3a</RequestId></ResponseMetadata>"
    result = f"<{action}Result>{inner}</{action}Result>{meta}"
    return f'<{action}Response xmlns="{namespace}">{result}</{action}Response>'.encode()


def _database(request: Request, number: int) -> str:
    name = f"orders-{number}"
    return (
        f"<DBInstance><DBInstanceIdentifier>{name}</DBInstanceIdentifier><DBInstanceClass>db.t3.medium</DBInstanceClass>"
        "<Engine>postgres</Engine><EngineVersion>16.3</EngineVersion><DBInstanceStatus>available</DBInstanceStatus>"
        "<AllocatedStorage>100</AllocatedStorage><BackupRetentionPeriod>7</BackupRetentionPeriod><MultiAZ>true</MultiAZ>"
        "<DBParameterGroups><DBParameterGroup><DBParameterGroupName>default.postgres16</DBParameterGroupName>"
        "<ParameterApplyStatus>in-sync</ParameterApplyStatus></DBParameterGroup></DBParameterGroups>"
        f"<DBInstanceArn>arn:aws:rds:{request.region}:{request.account}:db:{name}</DBInstanceArn></DBInstance>"
    )


def cloudfront(request: Request, shape: Shape) -> tuple[str, bytes] | None:
    path = request.path.partition("?")[0]
    page = "<Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated>"
    if path.endswith("/distribution"):
        items = "".join(_distribution(request.account, n) for n in range(shape.distributions))
        return _rest_xml("DistributionList", f"{page}<Quantity>{shape.distributions}</Quantity><Items>{items}</Items>")
    if path.endswith("/tagging"):
        return _rest_xml("Tags", "<Items><Tag><Key>Environment</Key><Value>prod</Value></Tag></Items>")
    if path.endswith("/invalidation"):
        return _rest_xml("InvalidationList", f"{page}<Quantity>0</Quantity>")
    if "/monitoring-subscription" in path:
        setting = "<RealtimeMetricsSubscriptionStatus>Enabled</RealtimeMetricsSubscriptionStatus>"
        config = f"<RealtimeMetricsSubscriptionConfig>{setting}</RealtimeMetricsSubscriptionConfig>"
        return _rest_xml("MonitoringSubscription", config)
    return None


def _rest_xml(root: str, inner: str) -> tuple[str, bytes]:
    return XML_TYPE, f'<{root} xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">{inner}</{root}>'.encode()


def _distribution(account: str, number: int) -> str:
    name = f"E{account[-6:]}{number:06d}"
    return (
        f"<DistributionSummary><Id>{name}</Id><ARN>arn:aws:cloudfront::{account}:distribution/{name}</ARN>"
        f"<Status>Deployed</Status><LastModifiedTime>2026-10-01T09:30:00Z</LastModifiedTime><DomainName>{name.lower()}.cloudfront.net</DomainName>"
        "<Aliases><Quantity>1</Quantity><Items><CNAME>app.orders.example</CNAME></Items></Aliases>"
        "<Origins><Quantity>0</Quantity></Origins><Comment>orders</Comment><PriceClass>PriceClass_100</PriceClass><Enabled>true</Enabled>"
        "<ViewerCertificate><MinimumProtocolVersion>TLSv1.2_2021</MinimumProtocolVersion></ViewerCertificate>"
        "<WebACLId></WebACLId><HttpVersion>http2</HttpVersion><IsIPV6Enabled>true</IsIPV6Enabled></DistributionSummary>"
    )


def sts(request: Request, _: Shape) -> tuple[str, bytes] | None:
    form = parse_qs(request.body.decode())
    action = form.get("Action", [""])[0]
    if action == "AssumeRole":
        account = form["RoleArn"][0].split(":")[4]
        until = datetime.fromtimestamp(time.time() + 3600, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        secrets = "<SecretAccessKey>recorded</SecretAccessKey><SessionToken>recorded</SessionToken>"
        keys = f"<AccessKeyId>ASIA{account}</AccessKeyId>{secrets}<Expiration>{until}</Expiration>"
        user = f"<AssumedRoleId>AROA:cockpit</AssumedRoleId><Arn>{_caller(account)}</Arn>"
        inner = f"<Credentials>{keys}</Credentials><AssumedRoleUser>{user}</AssumedRoleUser>"
    elif action == "GetCallerIdentity":
        account = request.account
        inner = f"<Arn>{_caller(account)}</Arn><UserId>AROA:cockpit</UserId><Account>{account}</Account>"
    else:
        return None
    return XML_TYPE, _query_xml(action, inner, "https://sts.amazonaws.com/doc/2011-06-15/")


def _caller(account: str) -> str:
    return f"arn:aws:sts::{account}:assumed-role/read/cockpit"
