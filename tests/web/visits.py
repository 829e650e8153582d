"""Browsers that have been here before: their visits go the short way if nothing is unusual."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, g
from flask.testing import FlaskClient

from app.web.short import KEY


def settled(client: FlaskClient) -> FlaskClient:
    """Let a browser fetch the style sheets and its form token; its cookie is known from then on."""
    g.pop("csrf_token", None)  # of another browser: in tests, requests share one context
    for _visit in range(2):
        client.get("/study")
    return client


@contextmanager
def full_way(app: Flask) -> Iterator[None]:
    """Let all requests go the full way meanwhile."""
    pages = app.extensions[KEY]
    kept = dict(pages)
    pages.clear()
    yield
    pages.update(kept)
