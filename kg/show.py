"""What a person sees in the terminal: progress, tables, releases; plain lines where no one looks.

Results go to standard output, everything about the work to standard error.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_EVERY = 5.0  # seconds between two lines of progress in a log


def say(text: str, to: TextIO | None = None) -> None:
    """Write a line about the work to standard error."""
    stream = to or sys.stderr
    stream.write(text + "\n")
    stream.flush()


class Stop:
    """Notes Ctrl-C, so that it is heard even where a library swallows the exception."""

    def __init__(self) -> None:
        self.asked = False

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Raise KeyboardInterrupt at Ctrl-C, and again in `check` as long as the block runs."""
        self.asked = False
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, self._ask)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def check(self) -> None:
        """Raise KeyboardInterrupt where Ctrl-C was pressed."""
        if self.asked:
            raise KeyboardInterrupt

    def _ask(self, *_: object) -> None:
        self.asked = True
        raise KeyboardInterrupt


STOP = Stop()


def one_line(error: object) -> str:
    """Return a message without line breaks."""
    return " ".join(str(error).split())


def number(count: int, word: str) -> str:
    """Return a number with its word, `1 remark` or `2 remarks`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


class PlainProgress:
    """Progress as lines of a log: when a part begins, every few seconds, when it ends."""

    def __init__(self) -> None:
        self.what, self.total, self.done = "", 0, 0
        self.began = self.said = 0.0

    def begin(self, what: str, total: int) -> None:
        """Tell that a part of the work begins."""
        STOP.check()
        self.what, self.total, self.done = what, total, 0
        self.began = self.said = time.monotonic()
        say(f"{what}: {total}" if total else what)

    def step(self) -> None:
        """Tell the rate and the time left, now and then."""
        STOP.check()
        self.done += 1
        now = time.monotonic()
        if now - self.said >= _EVERY and self.done < self.total:
            self.said = now
            rate = self.done / (now - self.began)
            left = (self.total - self.done) / rate
            say(f"{self.what}: {self.done} of {self.total}, {rate:.1f}/s, {left:.0f} s left")

    def skip(self, message: str) -> None:
        """Tell what is left out and why."""
        say(f"skipped: {one_line(message)}")

    def __enter__(self) -> PlainProgress:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class BarProgress:
    """Progress as a bar with rate and time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeRemainingColumn as Left

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        rate = TextColumn("{task.fields[rate]}")
        self.bar: Progress = Progress(*columns, rate, Left(), console=Console(stderr=True))
        self.task: TaskID | None = None
        self.began = 0.0

    def begin(self, what: str, total: int) -> None:
        """Start a bar; without steps it only moves."""
        STOP.check()
        if self.task is not None and self.bar.tasks[-1].total is None:
            self.bar.update(self.task, total=1, completed=1)
        self.began = time.monotonic()
        self.task = self.bar.add_task(what, total=total or None, rate="")

    def step(self) -> None:
        """Move the bar on."""
        STOP.check()
        if self.task is not None:
            done = self.bar.tasks[-1].completed + 1
            rate = done / max(time.monotonic() - self.began, 1e-3)
            self.bar.update(self.task, advance=1, rate=f"{rate:.1f}/s")

    def skip(self, message: str) -> None:
        """Tell what is left out and why, above the bar."""
        self.bar.console.print(f"skipped: {one_line(message)}", markup=False, highlight=False)

    def __enter__(self) -> BarProgress:
        self.bar.start()
        return self

    def __exit__(self, *failed: object) -> None:
        if self.task is not None and failed[0] is None and self.bar.tasks[-1].total is None:
            self.bar.update(self.task, total=1, completed=1)
        self.bar.stop()


def progress() -> PlainProgress | BarProgress:
    """Return a bar where a person watches, lines of a log elsewhere."""
    return BarProgress() if sys.stderr.isatty() else PlainProgress()


def columns(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as columns of text, two spaces apart; the last column may be long."""
    texts = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[i]) for row in texts) for i in range(len(head) - 1)]
    lines = []
    for row in texts:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        lines.append("  ".join([*cells, row[-1]]).rstrip())
    return "\n".join(lines)
