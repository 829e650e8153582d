"""Files that were made for people to fetch do not lie about."""

from datetime import datetime
from pathlib import Path

from flask import current_app

from app.base.clock import epoch
from app.quiz.press import sweep


def sweep_files(now: datetime) -> None:
    """Delete the files made more than an hour ago; they may hold names and keys."""
    sweep(Path(current_app.config["DATA"]) / "printed", epoch(now))
