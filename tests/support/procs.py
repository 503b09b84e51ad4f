"""What runs below a process, and what it takes, as the kernel tells it."""

from __future__ import annotations

from pathlib import Path


def children(pid: int) -> list[int]:
    """Return the processes that a process has started and that are still there."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            continue
    return found


def descendants(pid: int) -> list[int]:
    """Return all processes below a process."""
    found, queue = [], [pid]
    while queue:
        below = children(queue.pop())
        found += below
        queue += below
    return found


def alive(pid: int) -> bool:
    """Tell whether a process is there, and not only its record."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def command(pid: int) -> str:
    """Return the command line of a process; empty where it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def memory(pid: int) -> dict[int, float]:
    """Return a process and all below it with their memory in MB, shared pages counted once."""
    found = {}
    for here in (pid, *descendants(pid)):
        try:
            lines = Path(f"/proc/{here}/smaps_rollup").read_text().splitlines()
            found[here] = next(int(x.split()[1]) for x in lines if x.startswith("Pss:")) / 1024
        except (OSError, StopIteration):
            continue
    return found


def files(pid: int) -> int:
    """Return how many files a process holds open."""
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return 0
