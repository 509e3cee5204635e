"""One of a few choices, on one line: keys or a click move the choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from widgets.line import Line, Run, fit, pad, width_of
from widgets.painted import Painted


class OneOf(Painted, can_focus=True):
    """A label and its choices; the chosen one stands in brackets."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l,space", "choose(1)", "Choose", key_display="← →", tooltip="Next choice", id="one_of.next"),
        Binding("left,h", "choose(-1)", "Previous choice", show=False, id="one_of.previous"),
    ]

    DEFAULT_CSS = """
    OneOf { height: 1; }
    """

    index: reactive[int] = reactive(0)
    """Of the chosen one."""
    choices: reactive[tuple[str, ...]] = reactive(())

    class Changed(Message):
        """Another one was chosen."""

        def __init__(self, chooser: OneOf) -> None:
            super().__init__()
            self.chooser = chooser

        @property
        def control(self) -> OneOf:
            """Where."""
            return self.chooser

    def __init__(
        self,
        label: str,
        choices: Sequence[str],
        *,
        index: int = 0,
        label_width: int = 0,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._label = label
        self._label_width = label_width or len(label)
        self.set_reactive(OneOf.choices, tuple(choices))
        self.set_reactive(OneOf.index, index)

    def validate_index(self, index: int) -> int:
        """Within the choices."""
        return max(0, min(index, len(self.choices) - 1))

    def watch_index(self) -> None:
        """Tell it."""
        self.post_message(self.Changed(self))

    def watch_choices(self) -> None:
        """Fewer choices: the chosen one is still one of them."""
        self.index = self.validate_index(self.index)

    def action_choose(self, step: int) -> None:
        """The next or the previous one; after the last comes the first."""
        self.index = (self.index + step) % len(self.choices)

    def on_click(self, event: events.Click) -> None:
        """Choose what is under the pointer."""
        offset = event.get_content_offset(self)
        _, places = self._line()
        found = next((index for index, place in enumerate(places) if offset and offset.x in place), None)
        if found is not None:
            self.index = found

    def _line(self) -> tuple[Line, list[range]]:
        runs = [Run(pad(self._label, self._label_width), "dim"), Run(" ")]
        places = []
        for index, choice in enumerate(self.choices):
            chosen = index == self.index
            text = f"[{choice}]" if chosen else f" {choice} "
            start = width_of(tuple(runs))
            places.append(range(start, start + len(text)))
            runs.append(Run(text, "strong" if chosen else ""))
        return tuple(runs), places

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - Textual's signature
        """The line."""
        line, _ = self._line()
        width = self.size.width
        return self.strip(fit(line, width), width, self.backdrop("cursor") if self.has_focus else None)
