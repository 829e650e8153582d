"""What a process does that answers requests and nothing else, once its application is made."""

import gc

from flask import Flask

from app.base.checkpoint import start_checkpoints
from app.base.processor import share_one
from app.web.journal import WRITER


def start_serving(app: Flask) -> None:
    """Begin what goes on beside the requests, and keep what was made out of garbage collection.

    All threads that are started from now on share a processor. Looking through all of it took a
    tenth of a second now and then, in which nobody was answered; requests hardly leave any.
    """
    share_one()
    start_checkpoints(app)
    WRITER.gather()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    gc.enable()
