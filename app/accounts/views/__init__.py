"""Pages of accounts, in chapters; each hangs its views on the one blueprint."""

from app.accounts.views import entering, factors, keys, organisation
from app.accounts.views.blueprint import blueprint

__all__ = ["blueprint", "entering", "factors", "keys", "organisation"]
