"""The web application: pages and protocol over the releases of a data folder.

`create_app` imports Flask when it is called, so that the command answers at once and the query
processes stay small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from kg.settings import Settings


def create_app(settings: Settings) -> Flask:
    """Return the application that serves `settings.data`; it follows new releases by itself."""
    from server.app import create_app as create

    return create(settings)
