"""Links by which a deck can be fetched elsewhere, once: made, shown with a QR code, used."""

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.queries import get_viewer
from app.anki import actions, forms, queries
from app.anki.views.blueprint import blueprint, send_deck
from app.anki.wanted import read_wanted
from app.base import clock
from app.base.errors import Invalid, NotFound
from app.web.permissions import grants, permission


@blueprint.post("/anki/links")
@permission("member")
def make_link() -> str:
    """Make a link to one deck and show it with its QR code, this once."""
    progress = "&progress=1" if request.form.get("progress") == "1" else ""
    wanted = read_wanted(request.form.get("deck", "")[:300] + progress)
    if not forms.EmptyForm().validate() or wanted is None:
        raise Invalid(_("请选一个牌组。"))
    if wanted.shared and not grants(current_user.role, "trainer"):
        raise NotFound(_("没有找到这一页。"))
    now = clock.now()
    queries.collect(current_user.id, wanted, now)
    token = actions.make_link(current_user.id, wanted, now)
    link = url_for("anki.fetch", token=token, _external=True)
    import segno  # loaded when somebody wants a code

    picture = segno.make(link, error="m").svg_data_uri(scale=4, border=2)
    return render_template("anki/link.html", link=link, picture=picture, wanted=wanted)


@blueprint.get("/anki/links/<token>")
@permission("public")
def fetch(token: str) -> str:
    """Offer the deck of a link; looking at the page uses nothing up, as chat programs look too."""
    wanted = queries.find_linked(token, clock.now())
    if wanted is None:
        raise NotFound(_("这个链接已经用过或过期，请回到学记再生成一个。"))
    return render_template("anki/fetch.html", wanted=wanted, token=token)


@blueprint.post("/anki/links/<token>")
@permission("public")
def use_link(token: str) -> Response:
    """Send the deck of a link and use the link up."""
    if not forms.EmptyForm().validate():
        raise Invalid(_("这一页不完整，请重新打开链接。"))
    now = clock.now()
    member_id, wanted = actions.use_link(token, now)
    get_viewer(member_id)  # whose account was closed meanwhile has no decks any more
    return send_deck(member_id, wanted, now)
