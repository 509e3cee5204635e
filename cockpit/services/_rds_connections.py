"""How many connections a database accepts, where that can be told.

RDS has no call that answers it. The limit is the parameter `max_connections`: a number, or a formula over the memory of
the instance class. What cannot be told stays None.

Sources: "Quotas and constraints for Amazon RDS, maximum number of database connections" and "Maximum connections to an
Aurora DB instance" in the AWS guides, for formulas; "Hardware specifications for DB instance classes", for memory.
"""

from __future__ import annotations

import math
import re

_GIB = 2**30

_GIB_OF_LARGE = {
    "t2": 8.0,
    "t3": 8.0,
    "t4g": 8.0,
    "m4": 8.0,
    "m5": 8.0,
    "m5d": 8.0,
    "m6g": 8.0,
    "m6gd": 8.0,
    "m6i": 8.0,
    "m6id": 8.0,
    "m7g": 8.0,
    "m7i": 8.0,
    "m8g": 8.0,
    "r5": 16.0,
    "r5b": 16.0,
    "r5d": 16.0,
    "r6g": 16.0,
    "r6gd": 16.0,
    "r6i": 16.0,
    "r6id": 16.0,
    "r7g": 16.0,
    "r7i": 16.0,
    "r8g": 16.0,
    "x2g": 32.0,
}
"""Family → memory of its `large`; the other sizes are multiples of it. Families that break the pattern are left out."""

_LARGES = {"micro": 0.125, "small": 0.25, "medium": 0.5, "large": 1.0, "xlarge": 2.0}

_POSTGRES = "LEAST({DBInstanceClassMemory/9531392},5000)"
_MYSQL = "{DBInstanceClassMemory/12582880}"
_MARIADB = "LEAST({DBInstanceClassMemory/25165760},12000)"
_AURORA_MYSQL = "GREATEST({log(DBInstanceClassMemory/805306368)*45},{log(DBInstanceClassMemory/8187281408)*1000})"

_SHARE = re.compile(r"\{DBInstanceClassMemory/(\d+)\}")
_LEAST = re.compile(r"LEAST\(\{DBInstanceClassMemory/(\d+)\},(\d+)\)")
_GREATEST = re.compile(
    r"GREATEST\(\{log\(DBInstanceClassMemory/(\d+)\)\*(\d+)\},\{log\(DBInstanceClassMemory/(\d+)\)\*(\d+)\}\)"
)


def default_formula(engine: str, version: str) -> str | None:
    """AWS's default of `max_connections`, or None for engines that count otherwise (Oracle, SQL Server, Db2)."""
    if engine == "mariadb":
        # Since 10.5 half of what it was.
        return _MYSQL if version.startswith("10.4") else _MARIADB
    formulas = {
        "postgres": _POSTGRES,
        "aurora-postgresql": _POSTGRES,
        "mysql": _MYSQL,
        "aurora-mysql": _AURORA_MYSQL,
    }
    return formulas.get(engine)


def evaluate(formula: str | None, instance_class: str) -> int | None:
    """A value of `max_connections`, or None where the formula or the class is unknown."""
    text = re.sub(r"\s", "", formula or "")
    if text.isdigit():
        return int(text)
    memory = _usable_bytes(instance_class)
    if memory is None:
        return None
    if found := _SHARE.fullmatch(text):
        return int(memory / int(found[1]))
    if found := _LEAST.fullmatch(text):
        return min(int(memory / int(found[1])), int(found[2]))
    if found := _GREATEST.fullmatch(text):
        low, low_factor, high, high_factor = map(int, found.groups())
        return int(max(math.log2(memory / low) * low_factor, math.log2(memory / high) * high_factor))
    return None


def _usable_bytes(instance_class: str) -> float | None:
    """`DBInstanceClassMemory`: what the class has, less what RDS itself uses.

    AWS does not publish the second part. Values of `SHOW max_connections` that users published (198, 413, 856, 1660
    for 2, 4, 8 and 15.25 GiB of PostgreSQL) come out within 2 % at 250 MB and a fiftieth. Without it, a small
    instance would seem to have room when it has none.
    """
    found = re.fullmatch(r"db\.([a-z0-9]+)\.(?:(\d+)xlarge|([a-z]+))", instance_class)
    if found is None or found[1] not in _GIB_OF_LARGE:
        return None
    larges = 2.0 * int(found[2]) if found[2] else _LARGES.get(found[3])
    if larges is None:
        return None
    nominal = _GIB_OF_LARGE[found[1]] * larges * _GIB
    return nominal * 0.98 - 250e6
