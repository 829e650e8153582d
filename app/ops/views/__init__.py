"""Pages of operating: what machines ask, one's own data, the record of acts, erasing somebody."""

from app.ops.views import jobs, machines, people
from app.ops.views.blueprint import blueprint

__all__ = ["blueprint", "jobs", "machines", "people"]
