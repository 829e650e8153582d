"""Certificates: what the page behind a code says, and which units met the bar."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from app.assess.models import CertificateRow, SchemeRow, UnitCertificateRow
from app.assess.queries.schemes import Scheme, scheme_of
from app.base.db import db
from app.base.errors import NotFound
from app.org import queries as org


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the page behind a certificate's code says: no more of a person than an initial."""

    code: str
    scheme: Scheme
    holder: str
    full_name: str
    is_unit: bool
    member_id: int | None
    issued_at: int

    @property
    def valid(self) -> bool:
        """Whether no correction has taken its place."""
        return self.scheme.replaced_by is None


def get_certificate(code: str) -> Certificate:
    """Return what a code stands for; raise NotFound for none."""
    own = db.session.scalars(select(CertificateRow).where(CertificateRow.code == code)).first()
    if own is not None:
        row = db.session.get_one(SchemeRow, own.scheme_id)
        name = org.list_names_of([own.member_id])[own.member_id]
        initial = name[:1] + "＊" * min(3, max(1, len(name) - 1))
        told = (initial, name, False, own.member_id, own.issued_at)
        return Certificate(code, scheme_of(row), *told)
    unit = db.session.scalars(
        select(UnitCertificateRow).where(UnitCertificateRow.code == code)
    ).first()
    if unit is None:
        raise NotFound(_("没有这张证书。请核对证书上的网址。"))
    name = org.get_unit(unit.unit_id).name
    row = db.session.get_one(SchemeRow, unit.scheme_id)
    return Certificate(code, scheme_of(row), name, name, True, None, unit.issued_at)


def list_unit_certificates(scheme: Scheme) -> Sequence[tuple[str, str, int, int]]:
    """Return (unit, code, people who met the bar, people counted) of a published scheme."""
    rows = db.session.scalars(
        select(UnitCertificateRow)
        .where(UnitCertificateRow.scheme_id == scheme.id)
        .order_by(UnitCertificateRow.unit_id)
    ).all()
    names = org.list_names(row.unit_id for row in rows)
    return [(names[row.unit_id], row.code, row.met, row.counted) for row in rows]
