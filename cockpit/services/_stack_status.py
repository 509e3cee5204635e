"""What the status words of CloudFormation stacks mean for those who deploy them.

Source: "Understand CloudFormation stack creation events" and "Stack status codes" in the CloudFormation user guide; the
words are those of `StackStatus` in botocore's model of CloudFormation 2010-05-15.
"""

from __future__ import annotations

from dataclasses import dataclass

DELETED = "DELETE_COMPLETE"
IN_REVIEW = "REVIEW_IN_PROGRESS"
"""There is only a change set that nobody has executed yet."""

_CREATING = frozenset(
    {
        "CREATE_COMPLETE",
        "CREATE_FAILED",
        "CREATE_IN_PROGRESS",
        "ROLLBACK_COMPLETE",
        "ROLLBACK_FAILED",
        "ROLLBACK_IN_PROGRESS",
        IN_REVIEW,
    }
)
_IN_ORDER = frozenset(
    {
        "CREATE_COMPLETE",
        "CREATE_IN_PROGRESS",
        DELETED,
        "DELETE_IN_PROGRESS",
        "IMPORT_COMPLETE",
        "IMPORT_IN_PROGRESS",
        "UPDATE_COMPLETE",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_IN_PROGRESS",
        IN_REVIEW,
    }
)
_HALF_UPDATED = frozenset({"IMPORT_ROLLBACK_FAILED", "UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED"})
_FAILED = frozenset({"CREATE_FAILED", "DELETE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "ROLLBACK_IN_PROGRESS"})
_ROLLED_BACK = frozenset(
    {
        "IMPORT_ROLLBACK_COMPLETE",
        "IMPORT_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
    }
)
_DOING = (
    ("ROLLBACK", "rolling back"),
    ("UPDATE", "updating"),
    ("CREATE", "creating"),
    ("DELETE", "deleting"),
    ("IMPORT", "importing"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a status comes down to. A stack of which all is False is in order."""

    half_updated: bool = False
    """Its resources are partly old and partly new, and it takes no update before somebody has repaired it."""
    failed: bool | None = False
    """It was not created, or not deleted: nothing that worked is broken, but it must be cleared away. None: the word
    is not known, so nothing may be concluded."""
    rolled_back: bool = False
    """The last change failed; what was there before is in force, or is being put back."""
    in_progress: bool = False
    """CloudFormation works on it."""

    @property
    def in_trouble(self) -> bool:
        """Whether something has failed."""
        return bool(self.half_updated or self.failed or self.rolled_back)


def standing(status: str) -> Standing:
    """What a status word means. A word that is not known is not taken for a good one."""
    known = status in _IN_ORDER or status in _HALF_UPDATED or status in _FAILED or status in _ROLLED_BACK
    return Standing(
        half_updated=status in _HALF_UPDATED,
        failed=status in _FAILED if known else None,
        rolled_back=status in _ROLLED_BACK,
        in_progress=status.endswith("_IN_PROGRESS") and status != IN_REVIEW,
    )


def is_first(status: str) -> bool:
    """Whether the last thing that was done to the stack was to create it."""
    return status in _CREATING


def doing(status: str) -> str:
    """What CloudFormation does with a stack in progress, in a word: `updating`."""
    return next((word for part, word in _DOING if part in status), "changing")
