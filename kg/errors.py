"""The errors that pactgraph raises on purpose; each message says what to do.

PactgraphError                    exit status 1
├── InputError                    what the user handed over cannot be used
│   ├── DocumentError             one document cannot be read (the run goes on without it)
│   ├── QueryError                a query does not parse or cannot be run
│   └── UnknownName               no query, format, release or entity of that name
├── DataFolderError               the data folder is missing, locked, damaged or too new
│   └── LockedError               another process is writing
├── CheckFailed                   the checks found a violation, so nothing was published
└── Timeout                       a query passed its deadline and was stopped
"""

from __future__ import annotations


class PactgraphError(Exception):
    """Base of every error with a message meant for the user."""

    status = 500


class InputError(PactgraphError):
    """What the user handed over cannot be used as it is."""

    status = 400


class DocumentError(InputError):
    """One document cannot be read; the message names it and the reason."""


class QueryError(InputError):
    """A query does not parse or cannot be run; the message says where it is wrong."""


class UnknownName(InputError):
    """There is no query, format, release or entity of that name."""

    status = 404


class DataFolderError(PactgraphError):
    """The data folder is missing, damaged or written by a newer version."""


class LockedError(DataFolderError):
    """Another process is writing to the data folder."""

    status = 503


class CheckFailed(PactgraphError):
    """The checks found a violation that blocks publishing; the old release stays."""

    status = 422


class Timeout(PactgraphError):
    """A query passed its deadline and its process was ended."""

    status = 503
