"""How long a time the charts show: one of a few spans, and what looking it up cost."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from widgets.line import Line, Run, fit, width_of
from widgets.painted import Painted


class SpanBar(Painted):
    """One line: the spans, the chosen one marked, and what there is to say about it. A click chooses."""

    DEFAULT_CSS = """
    SpanBar { height: 1; padding: 0 1 0 0; }
    """

    span: reactive[int] = reactive(3600)
    """Seconds."""
    told: reactive[Line] = reactive(())
    """What changed within it, and what the look-up cost."""

    class Chosen(Message):
        """Somebody wants another span."""

        def __init__(self, span: int) -> None:
            super().__init__()
            self.span = span

    def __init__(self, spans: Sequence[int], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.spans = tuple(spans)

    def _line(self) -> tuple[Line, dict[int, range]]:
        runs = [Run(" ")]
        places: dict[int, range] = {}
        for span in self.spans:
            chosen = span == self.span
            text = f"[{span_text(span)}]" if chosen else f" {span_text(span)} "
            start = width_of(tuple(runs))
            places[span] = range(start, start + len(text))
            runs.append(Run(text, "strong" if chosen else "dim"))
        return tuple(runs), places

    def on_click(self, event: events.Click) -> None:
        """Choose the span under the pointer."""
        offset = event.get_content_offset(self)
        _, places = self._line()
        found = next((span for span, place in places.items() if offset is not None and offset.x in place), None)
        if found is not None:
            self.post_message(self.Chosen(found))

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - Textual's signature
        """The line."""
        line, _ = self._line()
        return self.strip(fit((*line, Run("  "), *self.told), self.size.width), self.size.width)


def span_text(seconds: int) -> str:
    """`1 h`, `24 h`, `7 d`."""
    hours = seconds // 3600
    return f"{hours} h" if hours <= 24 else f"{hours // 24} d"
