"""Pages of those who keep questions: the bank, files brought in, drafts, wording."""

from app.authoring.views import bank, drafts, files, wording
from app.authoring.views.blueprint import blueprint

__all__ = ["bank", "blueprint", "drafts", "files", "wording"]
