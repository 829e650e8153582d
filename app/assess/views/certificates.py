"""Certificates: the page that anybody can check one on, and the PDF for whom it belongs to."""

from flask import Response, current_app, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.assess import queries
from app.assess.certificate import print_certificate
from app.assess.views.blueprint import blueprint
from app.assess.views.reports import file_of
from app.base import clock
from app.base.errors import NotFound
from app.base.ids import is_id
from app.org import queries as org
from app.quiz.font import find_font
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
    scheme = found.scheme
    span = f"{scheme.starts_on.isoformat()} 至 {scheme.ends_on.isoformat()}"
    sentences = (
        f"在{scheme.unit_name}的“{scheme.title}”中达到公布的标准。",
        f"考评期：{span}",
        f"颁发日期：{iso_day(found.issued_at)}",
    )
    address = url_for("assess.certificate", code=code, _external=True)
    font = find_font(current_app.config.get("FONT"))
    made = print_certificate(found.full_name, sentences, address, font, clock.now())
    return file_of(made, "application/pdf", "certificate.pdf", f"证书-{found.full_name}.pdf")


def _get(code: str) -> queries.Certificate:
    """Return a certificate; a code of another form is none."""
    if not is_id(code):
        raise NotFound(_("没有这张证书。请核对证书上的网址。"))
    return queries.get_certificate(code)
