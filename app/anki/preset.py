"""The deck preset that travels with a member's progress: our memory model and steps; pure."""

from datetime import timedelta
from typing import Any

from app.study.card import LEECH_LAPSES
from app.study.memory import scheduler

PRESET_ID = 1_763_856_000_003
PRESET_NAME = "学记"
PRESET_AT = 1_795_564_800  # epoch seconds of the last change to this file
ONLY_TAG = 1  # a leech is marked, not taken away, as on the site


def preset() -> dict[str, Any]:
    """Return the preset as Anki's legacy schema 11 stores it."""
    model = scheduler()
    return {
        "id": PRESET_ID,
        "name": PRESET_NAME,
        "mod": PRESET_AT,
        "usn": -1,
        "maxTaken": 60,
        "autoplay": True,
        "timer": 0,
        "replayq": True,
        "new": _new(_minutes(model.learning_steps)),
        "rev": _review(),
        "lapse": _lapse(_minutes(model.relearning_steps)),
        "desiredRetention": model.desired_retention,
        "fsrsParams6": list(model.parameters),
    }


def _new(delays: list[float]) -> dict[str, Any]:
    """Return how new cards are met: in bank order."""
    return {
        "bury": False,
        "delays": delays,
        "initialFactor": 2500,
        "ints": [1, 4, 0],
        "order": 1,
        "perDay": 10,
    }


def _review() -> dict[str, Any]:
    """Return how cards come back; what SM-2 would need stays at Anki's defaults."""
    return {
        "bury": False,
        "ease4": 1.3,
        "hardFactor": 1.2,
        "ivlFct": 1,
        "maxIvl": scheduler().maximum_interval,
        "perDay": 200,
    }


def _lapse(delays: list[float]) -> dict[str, Any]:
    """Return what happens to a forgotten card."""
    return {
        "delays": delays,
        "leechAction": ONLY_TAG,
        "leechFails": LEECH_LAPSES,
        "minInt": 1,
        "mult": 0,
    }


def _minutes(steps: tuple[timedelta, ...]) -> list[float]:
    """Return steps in minutes."""
    return [step.total_seconds() / 60 for step in steps]
