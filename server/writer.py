"""The process that writes: it turns a batch of writes into one release, or says what was wrong.

It is a process of its own because nothing inside the engine can stop an update; it may be killed
at any moment, and the lock, the staging and the atomic switch of `kg.release` keep the data whole.
Run as `python -m server.writer FD`; the first frame brings the configuration.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from typing import Any

import pyoxigraph as ox

from kg.errors import DataFolderError, LockedError, PactgraphError
from kg.model import Release
from kg.release import DataFolder
from server import wire
from server.belt import die_with_parent, limit_memory, no_network
from server.change import Guard, Refused, apply, no_disk

Op = tuple[dict[str, Any], list[bytes]]


class Writer:
    """Does batches of writes on one data folder."""

    def __init__(self, sock: socket.socket, config: dict[str, Any]) -> None:
        self._sock, self._wait = sock, config["wait"]
        self._folder = DataFolder(config["data"], base=config["base"], keep=config["keep"])
        self._guard = Guard(config["base"]) if config["protect"] else None

    def run(self, ops: list[Op], note: str) -> None:
        """Publish what can be done of a batch, telling what becomes of each write.

        A write that spoilt the copy is left out and the others are done again on a fresh one.
        """
        bad: set[int] = set()
        try:
            while len(bad) < len(ops):
                release = self._attempt(ops, bad, note)
                if release is not None:
                    self._tell(wire.HEADER, {"release": release.number})
                    break
        except LockedError as error:
            self._tell(wire.FAULT, {"index": None, "status": 503, "error": str(error)})
        except OSError as error:
            self._tell(wire.FAULT, {"index": None, "status": 503, "error": no_disk(error).error})
        except DataFolderError as error:
            why = f"the data folder cannot be written to: {error}"
            self._tell(wire.FAULT, {"index": None, "status": 503, "error": why})
        except PactgraphError as error:
            self._tell(wire.FAULT, {"index": None, "status": error.status, "error": str(error)})
        self._sock.sendall(wire.frame(wire.END))

    def _attempt(self, ops: list[Op], bad: set[int], note: str) -> Release | None:
        """Do all writes but the bad ones; None where another one turned out bad."""
        with self._folder.stage(self._wait) as stage:
            for index, (op, bodies) in enumerate(ops):
                if index in bad:
                    continue
                self._tell(wire.STEP, {"index": index})
                try:
                    told = apply(stage.store, stage.before, op, bodies, self._guard)
                except Refused as refused:
                    bad.add(index)
                    row = {"index": index, "status": refused.status, "error": refused.error}
                    self._tell(wire.FAULT, row)
                    if refused.dirty:
                        return None
                else:
                    self._tell(wire.DATA, {"index": index, **told})
            self._tell(wire.STEP, {"index": None})
            return None if len(bad) == len(ops) else stage.publish(note, seal=False)

    def _tell(self, kind: bytes, row: dict[str, Any]) -> None:
        self._sock.sendall(wire.frame_json(kind, row))


def main() -> None:
    """Write batch after batch until the other side closes."""
    die_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    no_network()
    sock = socket.socket(fileno=int(sys.argv[1]))
    reader = wire.Reader(sock)
    config = json.loads(reader.next()[1])
    limit_memory(config["memory_mb"])
    writer = Writer(sock, config)
    ox.Store()  # the engine is loaded before the first write comes
    while True:
        try:
            head = json.loads(reader.next()[1])
            ops = [(op, [reader.next()[1] for _ in range(op["bodies"])]) for op in head["ops"]]
            writer.run(ops, head["note"])
        except (EOFError, ConnectionError):
            os._exit(0)


if __name__ == "__main__":
    main()
