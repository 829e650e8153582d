"""Tables of study plans; their items are duties."""

from sqlalchemy import BigInteger, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.base.db import db


class PlanRow(db.Model):
    """A plan of a unit for a year, or a quarter of it (0: the whole year).

    `source_id` is the plan above that it was copied from, `lineage_id` the topmost of them; a unit
    has one plan of each lineage.
    """

    __tablename__ = "assign_plan"
    __table_args__ = (
        UniqueConstraint("lineage_id", "unit_id", name="uq_assign_plan_lineage_id_unit_id"),
        {"sqlite_autoincrement": True},  # the id of a discarded plan stays its own
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"), index=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("assign_plan.id"))
    lineage_id: Mapped[int | None] = mapped_column(ForeignKey("assign_plan.id"))
    title: Mapped[str] = mapped_column(String(100))
    year: Mapped[int] = mapped_column(SmallInteger)
    quarter: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[int] = mapped_column(BigInteger)
