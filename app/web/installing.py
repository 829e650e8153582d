"""What a phone needs to keep the site on its home screen: the worker and the manifest."""

import msgspec
from flask import Blueprint, current_app
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.base.config import ROOT
from app.web.packing import shrink_script
from app.web.permissions import permission

blueprint = Blueprint("installing", __name__)
WORKER = ROOT / "static" / "js" / "sw.js"
STYLES = ("css/site.css", "css/study.css")
STUDYING = "offline.js"  # the one page that a phone opens without a network
ICONS = {192: "icon-192.png", 512: "icon-512.png"}


@blueprint.get("/sw.js")
@permission("public")
def worker() -> Response:
    """Give the service worker of this build, with the files it keeps; asked for anew each time."""
    scripts = (STUDYING, *current_app.extensions["xueji_imports"][STUDYING])
    files = [_address(name) for name in (*STYLES, *(f"js/{name}" for name in scripts))]
    head = {"build": current_app.extensions["xueji_build"], "files": files}
    told = f"const SITE = {msgspec.json.encode(head).decode()};\n"
    reply = Response(told + shrink_script(WORKER.read_text()), mimetype="text/javascript")
    reply.headers["Cache-Control"] = "no-cache"
    return reply


@blueprint.get("/manifest.webmanifest")
@permission("public")
def manifest() -> Response:
    """Say how the site looks on a home screen."""
    told = {
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "name": _("学记：每天几分钟，学了记得住"),
        "short_name": _("学记"),
        "lang": "zh-CN",
        "background_color": "#fbf8f3",
        "theme_color": "#a60f18",
        "icons": [
            {
                "src": _address(name),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size, name in ICONS.items()
            for purpose in ("any", "maskable")
        ],
    }
    reply = Response(msgspec.json.encode(told), mimetype="application/manifest+json")
    reply.headers["Cache-Control"] = "no-cache"
    return reply


def _address(name: str) -> str:
    """Return where an asset of this build lies."""
    return f"/a/{current_app.extensions['xueji_build']}/{name}"
