"""What can be counted about the service, for Prometheus, and the log of slow queries."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kg.errors import PactgraphError, Timeout
from server import log
from server.pool import Pool
from server.query import Ask, Busy

_BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)  # seconds
_SHOWN = 300  # characters of a query in the log


class Metrics:
    """The counters of one application; `others` are pools whose queries count as well."""

    def __init__(self, pool: Pool, *others: Pool) -> None:
        self._pool = pool
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "pactgraph_requests", "Requests by status", ["status"], registry=self._registry
        )
        self._queries = Counter(
            "pactgraph_queries",
            "Queries by name or form, and by how they ended",
            ["query", "outcome"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "pactgraph_query_seconds",
            "Seconds that queries took, those from the cache left out",
            ["query"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self.hits = Counter(
            "pactgraph_cache_hits", "Answers that were kept ready", registry=self._registry
        )
        Gauge(
            "pactgraph_process_id", "Process id of the web process", registry=self._registry
        ).set_function(os.getpid)
        self._registry.register(_Pool(pool, *others))

    def query(self, label: str, seconds: float, outcome: str, ask: Ask | None = None) -> None:
        """Count one query; a slow one is logged."""
        self._queries.labels(label, outcome).inc()
        if outcome == "run":
            self._seconds.labels(label).observe(seconds)
            if ask is not None and seconds >= self._pool.settings.slow_log_seconds:
                log.event("slow query", query=_short(ask), seconds=round(seconds, 3))

    @contextmanager
    def watch(self, label: str, ask: Ask) -> Iterator[None]:
        """Count a query that fails."""
        try:
            yield
        except PactgraphError as error:
            outcome = {Timeout: "timeout", Busy: "busy"}.get(type(error), "refused")
            self._queries.labels(label or "query", outcome).inc()
            if isinstance(error, Timeout):
                log.event("query stopped", query=_short(ask), why=str(error))
            raise

    def text(self) -> bytes:
        """Return all counts in the Prometheus text format."""
        return generate_latest(self._registry)


class _Pool(Collector):
    """Reads the pool when somebody looks."""

    def __init__(self, pool: Pool, *others: Pool) -> None:
        self._pool, self._all = pool, (pool, *others)

    def collect(self) -> Iterator[Metric]:
        """Yield what the pool counts."""
        release = self._pool.served
        for name, words in (
            ("asked", "Queries handed to the pool"),
            ("timeouts", "Queries stopped at their deadline"),
            ("crashes", "Query processes that ended during a query"),
            ("refused", "Queries refused because too many were there"),
            ("demoted", "Queries that became slow ones"),
        ):
            yield CounterMetricFamily(f"pactgraph_pool_{name}", words, self._sum(name))
        restarts = sum(max(pool.restarts, 0) for pool in self._all)
        words = "Restarts of all query processes"
        yield CounterMetricFamily("pactgraph_pool_restarts", words, restarts)
        for name, number, words in (
            ("waiting", self._sum("waiting"), "Queries that wait for a process"),
            ("in_memory", int(self._pool.in_memory), "1: the release is served from memory"),
            ("release", release.number if release else 0, "Number of the release that is served"),
        ):
            yield GaugeMetricFamily(f"pactgraph_pool_{name}", words, number)
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        size = pages * os.sysconf("SC_PAGE_SIZE")
        yield GaugeMetricFamily("pactgraph_memory_bytes", "Memory of the web process", size)

    def _sum(self, name: str) -> int:
        return sum(getattr(pool.counts, name) for pool in self._all)


def _short(ask: Ask) -> str:
    text = " ".join(ask.query.split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
