"""moto's RDS without moto's EC2.

RDS asks EC2 for a default network when a database names none; those of the fleet do. EC2 is 0.4 s of the start and
80 MB of the emulator's memory, for nothing. Take moto's RDS from here, never from moto.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

_EC2 = ("moto.ec2", "moto.ec2.models")


def _import_alone() -> tuple[Any, Any, Any]:
    """`moto.rds.urls`, `.responses` and `.models`."""
    alone = not any(name in sys.modules for name in (*_EC2, "moto.rds.models"))
    if alone:
        stand_in: Any = ModuleType("moto.ec2.models")
        stand_in.ec2_backends = {}
        sys.modules["moto.ec2.models"] = stand_in
    try:
        from moto.rds import models, responses, urls
    finally:
        # Whoever needs EC2 later imports the real one.
        for name in _EC2 if alone else ():
            sys.modules.pop(name, None)
    return urls, responses, models


urls, _responses, _models = _import_alone()
RDSResponse: Any = _responses.RDSResponse
rds_backends: Any = _models.rds_backends
