"""Pages of the way to Anki and back: decks, help, links, reviews that come home."""

from app.anki.views import arriving, decks, links
from app.anki.views.blueprint import blueprint

__all__ = ["arriving", "blueprint", "decks", "links"]
