"""Addresses in templates: built once each and kept, because a page has dozens of them."""

import functools
from typing import Any

from flask import Flask, request, url_for

MOST = 8192  # addresses kept, a few for each question


def init_links(app: Flask) -> None:
    """Give templates `url_for` that remembers what it has built."""

    @functools.lru_cache(MOST)
    def build(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return url_for(endpoint, **dict(values))

    def link(endpoint: str, **values: Any) -> str:
        if endpoint.startswith(".") or any(name.startswith("_") for name in values):
            return url_for(endpoint, **values)  # what depends on more than its values
        return build(request.script_root, endpoint, tuple(values.items()))

    app.jinja_env.globals["url_for"] = link
