"""The simulation of a grown site obeys what queues obey."""

import math
from dataclasses import replace

import pytest

from tests.bench.grown import Plan, simulate, smallest

pytestmark = pytest.mark.pure
QUIET = Plan(200, 600, 5, 12, 1, 2, 1, 8, 0.003, 0.002)


def test_nobody_waits_where_there_is_room() -> None:
    told = simulate(replace(QUIET, nodes=4))
    assert told["requests"] == 200 * 6
    assert told["p50_ms"] < 2 * (3 + 2)
    assert told["web_busy"] < 0.05


def test_beyond_what_can_be_served_waiting_grows_and_more_nodes_end_it() -> None:
    crowd = replace(QUIET, members=1500, within=20.0, web=0.06)
    one = simulate(crowd)
    assert one["web_busy"] > 0.7
    assert one["p99_ms"] > 5000
    enough = smallest(crowd, 300)
    assert (
        simulate(enough)["p99_ms"]
        <= 300
        < simulate(replace(enough, nodes=enough.nodes - 1))["p99_ms"]
    )


def test_one_queue_waits_as_theory_says() -> None:
    """M/G/1: mean wait = λ E[S²] / 2(1 − ρ) (Pollaczek–Khinchine); arrivals uniform ≈ Poisson."""
    plan = Plan(40_000, 400.0, 0, 1, 1, 1, 1, 10_000, 0.006, 1e-9)
    told = simulate(plan)
    rate, mean = 100.0, 0.006
    second = mean**2 * math.exp(0.6**2)
    wait = rate * second / (2 * (1 - rate * mean))
    served = told["per_second"] * mean
    assert served == pytest.approx(told["web_busy"], rel=0.05)
    assert told["p50_ms"] / 1000 < mean + wait < told["p99_ms"] / 1000
