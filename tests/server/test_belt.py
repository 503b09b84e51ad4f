"""The kernel's hold on a query process, tried in processes of their own."""

from __future__ import annotations

import subprocess
import sys

import pytest

TRY = """
import resource, socket, sys
from server import belt
if not belt.no_network():
    sys.exit(77)
try:
    socket.socket(socket.AF_INET)
    print("a socket")
except PermissionError:
    print("refused")
try:
    socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    print("a socket")
except PermissionError:
    print("refused")
one, two = socket.socketpair()
one.sendall(b"pair")
print(two.recv(4).decode())
belt.no_more_files()
try:
    open("/dev/null")
    print("a file")
except OSError:
    print("refused")
belt.limit_memory(400)
try:
    bytearray(1 << 30)
    print("memory")
except MemoryError:
    print("refused")
"""


def test_no_network_no_files_no_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TRY], capture_output=True, text=True, timeout=30, check=False
    )
    if done.returncode == 77:
        pytest.skip("this kernel or machine has no filter of system calls")
    assert done.stdout.split() == ["refused", "refused", "pair", "refused", "refused"], done.stderr
