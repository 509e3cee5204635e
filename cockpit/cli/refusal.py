"""What the user is told where there can be no answer."""


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """The program cannot do what it was asked to. The text is for the user: a sentence, or one a line."""


class NothingConfigured(Refusal):
    """There is no configuration yet."""


class UsageError(Refusal):
    """The command line makes no sense."""
