"""Pages about people and units: lists, one person, posts, rosters, units, and who sees whom."""

from app.org.views import entry, people, posts, rosters, units, visibility
from app.org.views.blueprint import blueprint

__all__ = ["blueprint", "entry", "people", "posts", "rosters", "units", "visibility"]
