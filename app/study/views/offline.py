"""Study without a network: the page that does it, the pack it takes along, and what it sends."""

import hashlib
from datetime import datetime
from typing import cast

import msgspec
from flask import Flask, current_app, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.queries import Viewer, find_viewer, is_ordinary
from app.base import clock
from app.base.errors import Invalid, Stale
from app.study import queries
from app.study.actions import Kept, Result, absorb_answers, absorb_plain, catch_up
from app.study.actions.writing import ENCODE, milliseconds
from app.study.arrival import make_stamp, read_stamp
from app.study.delivery import LARGEST, Delivery, Item, read_delivery
from app.study.views.blueprint import blueprint
from app.web.permissions import permission
from app.web.programs import JSON, json_only
from app.web.short import ShortProgram, add_short

STAMP = "X-Xueji-Stamp"


@blueprint.get("/offline")
@permission("public")
def offline() -> str:
    """Show the page that studies from what the phone has kept; it holds nothing of anybody."""
    return render_template("study/offline.html")


@blueprint.get("/api/pack")
@permission("member")
def pack() -> Response:
    """Give the member's pack, or say that the phone has it already."""
    catch_up(current_user.id, clock.now())
    body = msgspec.json.encode(queries.get_pack(current_user.id, clock.now()))
    reply = Response(body, mimetype=JSON)
    reply.set_etag(hashlib.sha256(body).hexdigest()[:20])
    reply.headers[STAMP] = make_stamp(current_user.id, milliseconds(clock.now()), _key())
    return reply.make_conditional(request.environ)


@blueprint.post("/api/sync")
@permission("member")
@json_only(LARGEST)
def sync() -> Response:
    """Take in what a phone kept and say of each item what became of it."""
    delivery, now = read_delivery(request.get_data()), clock.now()
    if delivery is None:
        raise Invalid(_("送来的内容读不懂，没有记录任何内容。"))
    if delivery.account != current_user.id:
        raise Stale(_("这些作答属于另一个账号，请用那个账号登录后再发送。"))
    results = absorb_answers(*_opened(delivery), now)
    return Response(_told(delivery, results, now), mimetype=JSON)


@blueprint.record
def add_short_way(state: BlueprintSetupState) -> None:
    """Take plain deliveries in the short way, too."""
    short = ShortProgram("study.sync", LARGEST, look, take)
    add_short(cast(Flask, state.app), "/api/sync", short)


def look(token: str, body: bytes, now: datetime) -> tuple[Viewer, Delivery] | None:
    """Return who is signed in and what they deliver, when nothing is to be seen to first."""
    viewer, delivery = find_viewer(token, now), read_delivery(body)
    if viewer is None or delivery is None or delivery.account != viewer.id:
        return None
    return (viewer, delivery) if is_ordinary(viewer, clock.epoch(now)) else None


def take(_viewer: Viewer, delivery: Delivery, now: datetime) -> bytes | None:
    """Take plain answers in; None when there is anything else among them."""
    results = absorb_plain(*_opened(delivery), now)
    return None if results is None else _told(delivery, results, now)


def _opened(delivery: Delivery) -> tuple[int, str, int, list[Kept]]:
    """Return whose delivery it is, from which phone, its clock, and the items that can be read."""
    member, key = delivery.account, _key()
    readable = [item for item in delivery.items if isinstance(item, Item)]
    stamps = {item.stamp for item in readable}  # one or two, of many items
    proven = {stamp: read_stamp(member, stamp, key) for stamp in stamps}
    kept = [Kept(item, proven[item.stamp]) for item in readable]
    return member, delivery.device, delivery.now_ms, kept


def _told(delivery: Delivery, results: list[Result], now: datetime) -> bytes:
    """Return what the phone is told of each item; what cannot be read is refused by name."""
    if len(results) < len(delivery.items):
        became, reason = iter(results), _("这条作答的内容不完整，没有计入。")
        results = [
            next(became) if isinstance(item, Item) else Result(item, "rejected", reason)
            for item in delivery.items
        ]
    stamp = make_stamp(delivery.account, milliseconds(now), _key())
    return ENCODE({"stamp": stamp, "results": results})


def key_from(secret: str) -> bytes:
    """Return the key of handshakes, derived from the site's secret."""
    return hashlib.sha256(b"handshake\0" + secret.encode()).digest()


def _key() -> bytes:
    """Return the key of this site's handshakes."""
    return key_from(current_app.config["SECRET_KEY"])
