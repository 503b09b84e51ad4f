"""kill -9 at random moments, again and again: the folder always opens with a whole release."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.release import DataFolder
from kg.resources import samples_dir
from kg.store import checksum
from soaking import size

TIMES = size(10, 100)
# Publishes release after release; each holds as many statements as its number.
PUBLISH = """
import sys
import pyoxigraph as ox
from kg.release import DataFolder
folder = DataFolder(sys.argv[1], keep=3)
node = ox.NamedNode
print("ready", flush=True)
while True:
    with folder.stage(5) as stage:
        for n in range(stage.parent.counts["triples"] if stage.parent else 0, folder.next_number()):
            stage.store.add(ox.Quad(node(f"urn:{n}"), node("urn:p"), node("urn:o"), node("urn:g")))
        stage.publish("again")
"""


def killed(command: list[str], after: float, wait_for_word: bool = False) -> bool:
    """Start a command, kill it after so many seconds; tell whether it was still running."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PACTGRAPH")}
    out = subprocess.PIPE if wait_for_word else subprocess.DEVNULL
    with subprocess.Popen(
        command, stdout=out, stderr=subprocess.DEVNULL, env=clean, start_new_session=True
    ) as process:
        if process.stdout:
            process.stdout.readline()
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        return process.returncode == -signal.SIGKILL


def whole(folder: DataFolder) -> None:
    """Fail unless every listed release opens with what its manifest says, text included."""
    current = folder.release()
    assert current in folder.releases()
    for release in folder.releases():
        about = folder.manifest(release)
        store = folder.open(release)
        assert len(store) == about["counts"]["triples"]
        assert checksum(store) == about["sha256"]
        ids = folder.document_ids(release)
        assert len(ids) == about["inputs"]["documents"]
        for document in folder.documents(release):
            assert hashlib.sha256(document.text.encode()).hexdigest()[:16] == document.id
        folder.report(release)


def test_publishing_killed_at_random_moments(tmp_path: Path) -> None:
    data = tmp_path / "data"
    dice = random.Random(7)
    start = time.monotonic()
    for name in "ab":
        statement = ox.Quad(*[ox.NamedNode(f"urn:{name}")] * 3)
        DataFolder(data).publish(lambda store, added=statement: store.add(added))
    window = 2.5 * (time.monotonic() - start)
    seen: list[int] = []
    for _ in range(TIMES):
        command = [sys.executable, "-c", PUBLISH, str(data)]
        assert killed(command, dice.uniform(0.02, 1.0) * window, wait_for_word=True)
        folder = DataFolder(data)
        whole(folder)
        seen.append(folder.release().number)
        # A busy machine publishes more slowly than it did above: the window follows it.
        window *= 0.85 if len(seen) > 1 and seen[-1] > seen[-2] else 1.25
    assert seen == sorted(seen), "a release went backwards"
    assert len(set(seen)) > TIMES // 3, "many of the killed had published something"
    after = DataFolder(data).publish(lambda store: store.add(ox.Quad(*[ox.NamedNode("urn:z")] * 3)))
    whole(DataFolder(data))
    assert after.number > seen[-1]
    left = [path.name for path in (data / "releases").iterdir() if path.name.startswith(".")]
    assert left == [], "what dead writers left is swept"


@pytest.mark.slow
def test_builds_killed_at_random_moments(tmp_path: Path) -> None:
    """Two sets of documents in turn, so that every build has something to publish."""
    samples = sorted(samples_dir().glob("*.txt"))
    sets = []
    for number in range(2):
        sets.append(tmp_path / f"set{number}")
        sets[-1].mkdir()
        for path in samples[number * 2 : number * 2 + 4]:
            shutil.copy(path, sets[-1])
    data = tmp_path / "data"
    command = [sys.executable, "-m", "kg", "build", "--data", str(data)]
    for folder in sets:  # what is read once is kept, so that the rest is mostly publishing
        subprocess.run([*command, str(folder)], check=True, capture_output=True, timeout=300)
    start = time.monotonic()
    subprocess.run([*command, str(sets[0])], check=True, capture_output=True, timeout=300)
    lasts = time.monotonic() - start
    dice = random.Random(11)
    kills = 0
    for number in range(TIMES):
        after = dice.uniform(0.2, 1.0) * lasts
        kills += killed([*command, str(sets[number % 2])], after)
        whole(DataFolder(data))
    assert kills > TIMES // 3, "enough builds were killed before their end"
    done = subprocess.run([*command, str(sets[1])], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    whole(DataFolder(data))
    names = sorted(document.name for document in DataFolder(data).documents())
    assert names == sorted(path.name for path in sets[1].iterdir())


@pytest.mark.slow
def test_two_builds_at_once_leave_a_whole_release(tmp_path: Path) -> None:
    samples = sorted(samples_dir().glob("*.txt"))
    data = tmp_path / "data"
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PACTGRAPH")}
    runs = []
    for number in range(2):
        texts = tmp_path / f"texts{number}"
        texts.mkdir()
        for path in samples[number * 3 : number * 3 + 3]:
            shutil.copy(path, texts)
        command = [sys.executable, "-m", "kg", "add", str(texts), "--data", str(data)]
        runs.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=clean))
    done = []
    for process in runs:
        _, said = process.communicate(timeout=300)
        assert process.returncode == 0 or "is writing" in said, said
        done.append(process.returncode == 0)
    whole(DataFolder(data))
    names = {document.name for document in DataFolder(data).documents()}
    added = [{path.name for path in samples[n * 3 : n * 3 + 3]} for n in range(2) if done[n]]
    assert added
    assert names == set().union(*added), "what the other one added is lost"
