"""The Flask application of this site: as Flask makes it, without what every request would pay for
and nothing here uses."""

from collections.abc import Callable
from typing import Any

from flask import Flask


class Site(Flask):
    """Flask without coroutines: it would look at each of two dozen functions in every request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, which is never a coroutine."""
        return func
