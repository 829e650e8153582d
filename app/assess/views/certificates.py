"""Certificates: the page that anybody can check one on, and the PDF for whom it belongs to."""

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.assess import queries
from app.assess.views.blueprint import blueprint
from app.assess.views.files import give_certificate
from app.base.errors import Invalid, NotFound
from app.base.ids import is_id
from app.org import queries as org
from app.web.format import iso_day
from app.web.permissions import permission


@blueprint.get("/certificates/<code>")
@permission("public")
def certificate(code: str) -> str:
    """Say whether a certificate is valid, with no more of a person than an initial."""
    return render_template("assess/certificate.html", found=_get(code))


@blueprint.get("/certificates/<code>/print")
@permission("member")
def certificate_pdf(code: str) -> Response:
    """Give the PDF to the holder, and to those who look after the holder or the unit."""
    found = _get(code)
    if found.member_id != current_user.id:
        org.get_reached_unit(org.scope_of(current_user), found.scheme.unit_id)
    if not found.valid:
        raise Invalid(_("这一期考评已经更正，这张证书不再有效。"))
    scheme = found.scheme
    span = f"{scheme.starts_on.isoformat()} 至 {scheme.ends_on.isoformat()}"
    sentences = (
        f"在{scheme.unit_name}的“{scheme.title}”中达到公布的标准。",
        f"考评期：{span}",
        f"颁发日期：{iso_day(found.issued_at)}",
    )
    address = url_for("assess.certificate", code=code, _external=True)
    own = found.member_id == current_user.id
    back = url_for("assess.record") if own else url_for("assess.scheme", scheme_id=scheme.id)
    return give_certificate(found.full_name, sentences, address, back)


def _get(code: str) -> queries.Certificate:
    """Return a certificate; a code of another form is none."""
    if not is_id(code):
        raise NotFound(_("没有这张证书。请核对证书上的网址。"))
    return queries.get_certificate(code)
