"""Pages about people and units: lists, one person, posts, rosters, units, and who sees whom."""

from app.org.views import people, posts, rosters, units, visibility
from app.org.views.blueprint import blueprint

__all__ = ["blueprint", "people", "posts", "rosters", "units", "visibility"]
