"""What the kernel holds a query process to: no network, so much memory, no life after its parent.

Nothing in the engine switches SERVICE and LOAD off, so a filter of system calls does: a process
behind it cannot make a socket but for pipes inside this machine, whatever a query says.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import signal
import socket

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_FILTER = 2  # SECCOMP_MODE_FILTER
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}  # architecture, socket()
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_REFUSE, _ALLOW = 0x00050001, 0x7FFF0000  # EPERM; go on


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("yes", ctypes.c_ubyte),
        ("no", ctypes.c_ubyte),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


def die_with_parent() -> None:
    """Ask the kernel to end this process when the thread that started it ends."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def no_network() -> bool:
    """Take the right to make network sockets from this process and its children, for good.

    Returns False where the kernel has no such filter; see seccomp(2).
    """
    if platform.machine() not in _MACHINES:
        return False
    architecture, call = _MACHINES[platform.machine()]
    rows = [
        (_LOAD, 0, 0, 4), (_EQUAL, 0, 5, architecture),
        (_LOAD, 0, 0, 0), (_EQUAL, 0, 3, call),
        (_LOAD, 0, 0, 16), (_EQUAL, 1, 0, int(socket.AF_UNIX)),
        (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW),
    ]  # fmt: skip
    steps = (_Step * len(rows))(*[_Step(*row) for row in rows])
    program = _Program(len(rows), steps)
    done = _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    return done and _prctl(_PR_SET_SECCOMP, _FILTER, ctypes.addressof(program))


def limit_memory(megabytes: int) -> None:
    """Let allocations beyond the limit fail; a process that crashes leaves no core file."""
    size = megabytes << 20
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def no_more_files() -> None:
    """Forbid to open anything further, files and sockets alike; what is open stays open."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _prctl(option: int, first: int, second: int = 0) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    word = ctypes.c_ulong
    return bool(libc.prctl(option, word(first), word(second), word(0), word(0)) == 0)
