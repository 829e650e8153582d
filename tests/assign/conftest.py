"""Fixtures of assign."""

from datetime import date

import pytest
from flask import Flask

from tests.assign.affairs import Affairs, plant
from tests.assign.asking import Asking
from tests.conftest import Cast, Clock


@pytest.fixture
def asking(bank: Flask, cast: Cast, clock: Clock) -> Asking:
    """A small tree in which papers and goals are asked of people."""
    return Asking(bank, cast, clock)


@pytest.fixture
def tree(cast: Cast, clock: Clock) -> Cast:
    """A above B and D, B above C; a trainer in A and in B, members in each, an administrator."""
    return plant(cast, clock)


@pytest.fixture
def affairs(tree: Cast, clock: Clock) -> Affairs:
    """Builders for the tree, with a secretary in A, B and C but none in D."""
    made = Affairs(tree, clock)
    for name, unit in (("甲书记", "A"), ("乙书记", "B"), ("丙某", "C")):
        made.post(name, unit, since=date(2026, 1, 1))
    return made
