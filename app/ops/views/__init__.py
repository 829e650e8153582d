"""Pages of operating: what machines ask, one's own data, the record of acts, erasing somebody."""

from app.ops.views import first_day, jobs, machines, people
from app.ops.views.blueprint import blueprint

__all__ = ["blueprint", "first_day", "jobs", "machines", "people"]
