"""What machines ask of the site: is it ready, how is it doing."""

import hmac
import shutil
from dataclasses import asdict
from ipaddress import ip_address

from flask import Response, current_app, jsonify, request
from flask_babel import gettext as _

from app.base import clock
from app.base.errors import NotFound
from app.ops import queries
from app.ops.metrics import current_metrics
from app.ops.views.blueprint import blueprint
from app.web.permissions import permission

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")


@blueprint.get("/readyz")
@permission("public")
def ready() -> tuple[Response, int]:
    """Answer 200 when requests can be served, else 503 and why."""
    found = queries.get_readiness(clock.now())
    reply = jsonify(asdict(found))
    reply.headers["Cache-Control"] = "no-store"
    return reply, 200 if found.ready else 503


@blueprint.get("/metrics")
@permission("public")
def metrics() -> Response:
    """Give Prometheus the counts; to others there is no such page."""
    if not _may_read():
        raise NotFound(_("没有这个页面。"))
    counts, found = current_metrics(), queries.get_readiness(clock.now())
    age = found.backup_age_s
    counts.ready.set(found.ready)
    counts.backup_age.set(float("nan") if age is None else age)
    silent = found.worker_age_s
    counts.worker_age.set(float("nan") if silent is None else silent)
    counts.disk_free.set(shutil.disk_usage(current_app.config["DATA"]).free)
    return Response(counts.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read() -> bool:
    """Say whether the caller holds the token, or sits on this machine with no proxy between.

    A proxy on this machine makes everybody's address loopback, so behind one only the token counts.
    """
    token = current_app.config.get("METRICS_TOKEN")
    given = request.headers.get("Authorization", "").encode()
    if token:
        return hmac.compare_digest(given, f"Bearer {token}".encode())
    proxied = current_app.config["SESSION_COOKIE_SECURE"] or any(
        name in request.headers for name in FORWARDED
    )
    return not proxied and _is_loopback(request.remote_addr or "")


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
