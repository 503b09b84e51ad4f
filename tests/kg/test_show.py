"""What the terminal shows: lines in a log, a bar for a person, columns."""

from __future__ import annotations

import contextlib
import signal

import pytest

from kg import show


def test_a_log_tells_what_begins_rate_and_time_left_and_what_is_skipped(capsys, monkeypatch):
    clock = iter(range(0, 1000, 4))
    monkeypatch.setattr(show.time, "monotonic", lambda: float(next(clock)))
    with show.PlainProgress() as told:
        told.begin("extracting", 4)
        for _ in range(4):
            told.step()
        told.skip("bad.txt: is\nempty")
        told.begin("linking", 0)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "extracting: 4",
        "extracting: 2 of 4, 0.2/s, 8 s left",
        "skipped: bad.txt: is empty",
        "linking",
    ]


def test_a_bar_ends_full_and_shows_what_is_skipped(capsys):
    with show.BarProgress() as bar:
        bar.begin("extracting", 3)
        for _ in range(3):
            bar.step()
        bar.skip("bad.txt: [bold]empty[/bold]")
        bar.begin("linking", 0)
    assert [(task.description, task.finished) for task in bar.bar.tasks] == [
        ("extracting", True),
        ("linking", True),
    ]
    said = capsys.readouterr().err
    assert "3/3" in said
    assert "[bold]empty[/bold]" in said, "what a file is called is no markup"


def test_a_bar_that_fails_does_not_end_full():
    bar = show.BarProgress()

    def fail() -> None:
        with bar:
            bar.begin("linking", 0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert not bar.bar.tasks[0].finished


def test_columns_are_as_wide_as_needed():
    assert show.columns(("a", "b"), [("long", 1), ("x", "a long last column")]).splitlines() == [
        "a     b",
        "long  1",
        "x     a long last column",
    ]


def test_numbers_carry_their_word():
    assert [show.number(n, "remark") for n in (0, 1, 2)] == ["0 remarks", "1 remark", "2 remarks"]


@pytest.mark.parametrize("kind", [show.PlainProgress, show.BarProgress])
def test_ctrl_c_is_heard_where_a_library_swallowed_it(kind):
    def swallow() -> None:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)

    def work() -> None:
        with show.STOP.heard(), kind() as told:
            told.begin("extracting", 2)
            swallow()
            told.step()

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        work()
    assert signal.getsignal(signal.SIGINT) is before
