"""Fixtures of assign."""

import pytest
from flask import Flask

from tests.assign.asking import Asking
from tests.conftest import Cast, Clock


@pytest.fixture
def asking(bank: Flask, cast: Cast, clock: Clock) -> Asking:
    """A small tree in which papers and goals are asked of people."""
    return Asking(bank, cast, clock)
