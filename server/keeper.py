"""Keeps the query processes of the current release going: one thread, as long as the service."""

from __future__ import annotations

import atexit
import os
import threading
import time

from kg.errors import PactgraphError
from kg.model import Release
from kg.release import DataFolder
from kg.settings import Settings
from server import log, view
from server.crew import Crew, Forker, Loading, Lost, first_forker, load
from server.quoting import Mode

_LOOK = 0.1  # seconds between two looks at `current`
_PATIENCE = 1.0  # seconds that a request waits for a new release while an older one is served
_QUIET = 0.5  # seconds that a release has to last before it is loaded into memory


class Keeper:
    """Follows `current`: starts the crew of a new release, then retires the old one.

    A release is served from disk at once, and from memory as soon as it is loaded, where it is
    not too large. Everything is started from one thread, because the kernel ends a process with
    the thread that started it (prctl(2), PR_SET_PDEATHSIG).
    """

    def __init__(self, folder: DataFolder, settings: Settings, shown: Mode | None = None) -> None:
        self.folder, self.settings = folder, settings
        self._shown: Mode = shown or view.mode(settings)
        self._link = str(folder.path / "current")
        self.restarts = -1
        self.trouble = ""
        self._forker: Forker | None = None
        self._crew: Crew | None = None
        self._loading: Loading | None = None
        self._since = 0.0
        self._too_large: set[int] = set()
        self._bad: int | None = None
        self._changed = threading.Condition()
        self._awake = threading.Event()
        self._closed = False
        self._thread: threading.Thread | None = None

    @property
    def in_memory(self) -> bool:
        """Whether the current crew holds its release in memory."""
        return self._crew is not None and self._crew.loader is not None

    @property
    def served(self) -> Release | None:
        """The release of the present crew."""
        crew = self._crew
        return crew.release if crew is not None else None

    def number(self) -> int | None:
        """Return the number that `current` leads to; asked at every request, so it is quick."""
        try:
            return int(os.readlink(self._link).rpartition("/")[2])  # noqa: PTH115  half the time
        except (OSError, ValueError):
            return None

    def fresh(self, seconds: float) -> Crew | None:
        """Return the crew of the current release, waiting so long for it to be ready.

        Where the new release is not ready by then or cannot be opened, the old one's is returned.
        Raises Lost where there is none at all.
        """
        number = self.number()
        crew = self._crew
        if crew is not None and not crew.forker.broken and number == crew.release.number:
            return crew
        if number is None:
            return crew
        return self._await(number, seconds)

    @property
    def started(self) -> bool:
        """Whether anything has been asked for yet."""
        return self._thread is not None

    def wait_for(self, number: int, seconds: float, *, exactly: bool = False) -> bool:
        """Wait until a release of this number, or above, is served; False: it took longer."""
        self._run()
        deadline = time.monotonic() + seconds

        def there() -> bool:
            served = self._crew.release.number if self._crew is not None else 0
            return served == number if exactly else served >= number

        with self._changed:
            while not there():
                self._awake.set()
                if not self._changed.wait(max(deadline - time.monotonic(), 0.0)):
                    return False
        return True

    def wake(self) -> None:
        """Have a look at once."""
        self._awake.set()

    def close(self) -> None:
        """End everything."""
        self._closed = True
        self._awake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(10)
        self._end()

    def _await(self, number: int, seconds: float) -> Crew | None:
        self._run()
        if self._crew is not None and not self._crew.forker.broken:
            seconds = min(seconds, _PATIENCE)
        deadline, first = time.monotonic() + seconds, self._crew
        with self._changed:
            while True:
                crew = self._crew
                ready = crew is not None and not crew.forker.broken
                if ready and crew is not None:
                    served = crew.release.number
                    # While others keep writing, `current` may run ahead of every crew.
                    newer = crew is not first and served >= number
                    if newer or served in {number, self.number()}:
                        return crew
                if self._bad == number and ready:
                    return crew
                self._awake.set()
                left = deadline - time.monotonic()
                if left <= 0 or self._closed:
                    break
                self._changed.wait(min(left, 0.5))
        if crew is not None and not crew.forker.broken:
            return crew
        why = self.trouble or "the query processes are being started; try again in a second"
        raise Lost(why)

    def _run(self) -> None:
        with self._changed:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)
                self._thread.start()
                atexit.register(self.close)

    # --- in the keeper's thread -------------------------------------------------------------

    def _keep(self) -> None:
        while not self._closed:
            try:
                self._look()
            except PactgraphError as error:
                self.trouble = str(error)
                time.sleep(_LOOK)
            self._awake.wait(_LOOK)
            self._awake.clear()

    def _look(self) -> None:
        if self._forker is None or self._forker.broken or self._dead(self._forker):
            self._start()
        crew, number = self._crew, self.folder.current_number()
        stale = crew is None or crew.forker.broken or crew.release.number != number
        if number is not None and stale and not (self._bad == number and crew is not None):
            self._change()
        self._memory()
        if self._crew is not None:
            self._crew.fill(self.settings.query_children)
            self._crew.tidy()

    def _dead(self, forker: Forker) -> bool:
        return forker.process is not None and forker.process.poll() is not None

    def _start(self) -> None:
        old, self._forker = self._forker, None
        if old is not None:
            old.close()
            if self._crew is not None:
                self._crew.forker.broken = True
        if self._loading is not None:
            self._loading.end()
            self._loading = None
        self._forker = first_forker()
        self.restarts += 1

    def _change(self) -> None:
        """Serve the current release from disk."""
        release = self.folder.current()
        if release is None or self._forker is None:
            return
        try:
            crew = self._new(release, self._forker)
        except view.NoView as error:
            self._refuse(release, str(error))
            return
        try:
            opens = self._opens(crew)
        except Lost:
            crew.retire()
            raise
        if not opens:
            crew.retire()
            if self._dead(self._forker):
                raise Lost("the first query process ended; it is being started again")
            why = f"release {release.number} cannot be opened; roll back to another one"
            self._refuse(release, why)
            return
        self._bad, self.trouble = None, ""
        self._set(crew)
        self._since = time.monotonic()

    def _opens(self, crew: Crew) -> bool:
        """Tell whether a release can be opened: one of two processes says so, as one may die."""
        for _ in range(2):
            crew.fill(1)
            child = crew.quick[0]
            if child.answers():
                return True
            crew.quick.remove(child)
            child.end()
        return False

    def _refuse(self, release: Release, why: str) -> None:
        """Stay with the release before."""
        self._bad, self.trouble = release.number, why
        log.event("release not served", release=release.number, why=why)
        with self._changed:
            self._changed.notify_all()

    def _new(self, release: Release, forker: Forker) -> Crew:
        store = self.folder.store_path(release)
        path = view.place(self.folder, release.number, store, self._shown)
        return Crew(release, path, forker, self.settings.query_memory_mb)

    def _set(self, crew: Crew) -> None:
        with self._changed:
            old, self._crew = self._crew, crew
            self._changed.notify_all()
        if old is not None:
            old.retire()

    def _memory(self) -> None:
        """Load the current release into memory when it has lasted, and serve it from there."""
        crew = self._crew
        if crew is None or self._forker is None:
            return
        loading = self._loading
        if loading is not None and loading.release != crew.release:
            loading.end()
            self._loading = loading = None
        if loading is not None:
            self._take_over(loading)
            return
        number, most = crew.release.number, self.settings.memory_triples
        known = crew.release.counts.get("triples", 0)
        if crew.loader is not None or number in self._too_large or not most or known > most:
            return
        if time.monotonic() - self._since >= _QUIET:
            self._loading = load(self._forker, crew.release, crew.path, most)

    def _take_over(self, loading: Loading) -> None:
        try:
            forker = loading.result()
        except BlockingIOError:
            return
        self._loading = None
        if forker is None:
            self._too_large.add(loading.release.number)
            loading.end()
            return
        crew = self._new(loading.release, forker)
        crew.loader = loading
        try:
            crew.fill(self.settings.query_children)
        except Lost:
            crew.retire()
            raise
        self._set(crew)

    def _end(self) -> None:
        atexit.unregister(self.close)
        if self._loading is not None:
            self._loading.end()
            self._loading = None
        if self._crew is not None:
            self._crew.retire()
        if self._forker is not None:
            self._forker.close()
            self._forker = None
        with self._changed:
            self._crew = None
            self._changed.notify_all()
