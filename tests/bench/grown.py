"""`bench grown`: an evening's peak on a site past one machine, simulated from measured costs.

A discrete-event simulation: members open the site within some minutes, each asks and answers with
think time between; every request goes to the web nodes in turn and waits for one of their cores,
then to the database shard of its member and waits for one of its connections. Service times are
drawn from a log-normal around the measured means, because a few requests always take longer. What
is simulated is waiting; what a request costs must be measured (`bench`), here or there.
"""

import argparse
import heapq
import json
import math
import random
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

SPREAD = 0.6  # sigma of the logarithm of service times
YEAR_H = 8766


@dataclass(frozen=True)
class Plan:
    """A site: how many come when, what their requests cost, and what there is to serve them.

    Times are in seconds; `web` and `stored` are the mean service times of a request in a web
    node's core and in a shard's connection.
    """

    members: int
    within: float
    answers: int
    think: float
    nodes: int
    cores: int
    shards: int
    connections: int
    web: float
    stored: float


class Station:
    """Servers with one queue: a request leaves as soon as one of them has served it."""

    def __init__(self, servers: int) -> None:
        self.free = [0.0] * servers
        self.busy = 0.0

    def serve(self, at: float, seconds: float) -> float:
        """Return when a request that comes at `at` has been served."""
        start = max(at, heapq.heappop(self.free))
        heapq.heappush(self.free, start + seconds)
        self.busy += seconds
        return start + seconds


def simulate(plan: Plan, seed: int = 1) -> dict[str, Any]:
    """Return how long requests waited and took, and how busy what serves them was."""
    rng, order = random.Random(seed), count()
    nodes = [Station(plan.cores) for _n in range(plan.nodes)]
    shards = [Station(plan.connections) for _n in range(plan.shards)]
    events = [(rng.uniform(0, plan.within), next(order), m, 0) for m in range(plan.members)]
    heapq.heapify(events)
    times, last = list[float](), 0.0
    while events:
        at, turn, member, given = heapq.heappop(events)
        served = nodes[turn % plan.nodes].serve(at, _draw(rng, plan.web))
        done = shards[member % plan.shards].serve(served, _draw(rng, plan.stored))
        times.append(done - at)
        last = max(last, done)
        if given < plan.answers:
            after = done + rng.expovariate(1 / plan.think)
            heapq.heappush(events, (after, next(order), member, given + 1))
    times.sort()
    held, cores = plan.shards * plan.connections, plan.nodes * plan.cores
    return {
        "requests": len(times),
        "per_second": round(len(times) / last, 1),
        "p50_ms": round(1000 * times[len(times) // 2], 1),
        "p99_ms": round(1000 * times[int(len(times) * 0.99)], 1),
        "web_busy": round(sum(n.busy for n in nodes) / (cores * last), 3),
        "shard_busy": round(sum(s.busy for s in shards) / (held * last), 3),
    }


def _draw(rng: random.Random, mean: float) -> float:
    """Return a service time with that mean."""
    return rng.lognormvariate(math.log(mean) - SPREAD**2 / 2, SPREAD)


def smallest(plan: Plan, most_ms: float, seed: int = 1) -> Plan:
    """Return the plan with the fewest web nodes whose p99 stays within `most_ms`; at most 4096.

    Doubles until it is enough, then halves the step.
    """
    low, high = 0, 1
    while high <= 4096 and simulate(replace(plan, nodes=high), seed)["p99_ms"] > most_ms:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        fits = simulate(replace(plan, nodes=middle), seed)["p99_ms"] <= most_ms
        low, high = (low, middle) if fits else (middle, high)
    return replace(plan, nodes=high)


def main(words: list[str]) -> None:
    """Print one JSON object: what is needed for the members given, and how it fares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=5000, help="who come in the evening")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--answers", type=int, default=10, help="requests after the first")
    parser.add_argument("--think", type=float, default=12, help="mean seconds between requests")
    parser.add_argument("--cores", type=int, default=2, help="of a web node")
    parser.add_argument("--shards", type=int, default=1)
    parser.add_argument("--connections", type=int, default=8, help="of a shard that work at once")
    parser.add_argument("--web-ms", type=float, required=True, help="measured mean in a core")
    parser.add_argument("--stored-ms", type=float, required=True, help="measured, one request")
    parser.add_argument("--p99", type=float, default=300, help="ms that are wanted")
    parser.add_argument("--core-hour", type=float, default=0.0, help="price of a core for an hour")
    choice = parser.parse_args(words)
    plan = Plan(
        members=choice.members,
        within=60 * choice.minutes,
        answers=choice.answers,
        think=choice.think,
        nodes=1,
        cores=choice.cores,
        shards=choice.shards,
        connections=choice.connections,
        web=choice.web_ms / 1000,
        stored=choice.stored_ms / 1000,
    )
    plan = smallest(plan, choice.p99)
    cores = plan.nodes * plan.cores + plan.shards * plan.connections
    price = {"a_member_and_year": cores * choice.core_hour * YEAR_H / plan.members}
    print(json.dumps({"nodes": plan.nodes, **simulate(plan), **price}))
