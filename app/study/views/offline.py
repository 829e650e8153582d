"""Study without a network: the page that does it, the pack it takes along, and what it sends."""

import hashlib

import msgspec
from flask import current_app, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.base import clock
from app.base.errors import Invalid, Stale
from app.study import queries
from app.study.actions import Kept, Result, absorb_answers, catch_up
from app.study.arrival import make_stamp, read_stamp
from app.study.delivery import LARGEST, Delivery, Item, read_delivery
from app.study.views.blueprint import blueprint
from app.web.permissions import permission
from app.web.programs import json_only

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
    reply = Response(body, mimetype="application/json")
    reply.set_etag(hashlib.sha256(body).hexdigest()[:20])
    reply.headers[STAMP] = _stamp()
    return reply.make_conditional(request.environ)


@blueprint.post("/api/sync")
@permission("member")
@json_only(LARGEST)
def sync() -> Response:
    """Take in what a phone kept and say of each item what became of it."""
    delivery = read_delivery(request.get_data())
    if delivery is None:
        raise Invalid(_("送来的内容读不懂，没有记录任何内容。"))
    if delivery.account != current_user.id:
        raise Stale(_("这些作答属于另一个账号，请用那个账号登录后再发送。"))
    told = {"stamp": _stamp(), "results": _absorb(delivery)}
    return Response(msgspec.json.encode(told), mimetype="application/json")


def _absorb(delivery: Delivery) -> list[Result]:
    """Take in the items that can be read; the others are refused by name, in their places."""
    member, key = current_user.id, _key()
    readable = [item for item in delivery.items if isinstance(item, Item)]
    stamps = {item.stamp for item in readable}  # one or two, of many items
    proven = {stamp: read_stamp(member, stamp, key) for stamp in stamps}
    kept = [Kept(item, proven[item.stamp]) for item in readable]
    taken = iter(absorb_answers(member, delivery.device, delivery.now_ms, kept, clock.now()))
    reason = _("这条作答的内容不完整，没有计入。")
    return [
        next(taken) if isinstance(item, Item) else Result(item, "rejected", reason)
        for item in delivery.items
    ]


def key_from(secret: str) -> bytes:
    """Return the key of handshakes, derived from the site's secret."""
    return hashlib.sha256(b"handshake\0" + secret.encode()).digest()


def _stamp() -> str:
    """Return the handshake of this moment."""
    return make_stamp(current_user.id, int(clock.now().timestamp() * 1000), _key())


def _key() -> bytes:
    """Return the key of this site's handshakes."""
    return key_from(current_app.config["SECRET_KEY"])
