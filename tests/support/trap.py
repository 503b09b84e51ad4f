"""A listener on this machine that counts who comes, to show that nobody fetches anything."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def listening() -> Iterator[tuple[str, list[int]]]:
    """Yield an address and a list that grows by one with each connection to it."""
    seen: list[int] = []
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as sock:
        sock.settimeout(0.1)

        def listen() -> None:
            while not ended.is_set():
                try:
                    connection, _ = sock.accept()
                except TimeoutError:
                    continue
                seen.append(1)
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield f"http://127.0.0.1:{sock.getsockname()[1]}/", seen
        finally:
            ended.set()
            thread.join()
