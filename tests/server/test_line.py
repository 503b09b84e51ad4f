"""Places for costly work: few work, few wait, a crowd is sent away at once."""

from __future__ import annotations

import threading
import time

import pytest

from server.line import Line
from server.query import Busy


def test_few_work_few_wait_and_a_crowd_is_sent_away_at_once() -> None:
    line, ended = Line(2, 30.0, "others work"), threading.Event()
    inside, most, refused, done = [], [0], [], []
    lock = threading.Lock()

    def work() -> None:
        began = time.monotonic()
        try:
            with line.place():
                with lock:
                    inside.append(1)
                    most[0] = max(most[0], len(inside))
                ended.wait(10)
                with lock:
                    inside.pop()
                done.append(1)
        except Busy as busy:
            refused.append((time.monotonic() - began, str(busy)))

    threads = [threading.Thread(target=work) for _ in range(40)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 10
    while len(refused) < 30 and time.monotonic() < until:
        time.sleep(0.01)
    ended.set()
    for thread in threads:
        thread.join()
    assert (most[0], len(done), len(refused)) == (2, 10, 30)
    assert max(seconds for seconds, _ in refused) < 5
    assert all("others work" in words for _, words in refused)
    with line.place():  # all places are free again
        pass


def test_waiting_has_an_end() -> None:
    line = Line(1, 0.1, "others work")
    with line.place(), pytest.raises(Busy, match="others work"), line.place():
        pass
