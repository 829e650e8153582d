"""The application object that production servers load."""

import gc

gc.disable()  # nothing of what is imported is ever garbage

from app.base.checkpoint import start_checkpoints  # noqa: E402
from app.factory import create_app  # noqa: E402

application = create_app(commands=False)
start_checkpoints(application)

# What was made until now stays for good. Looking through all of it for garbage took a tenth of a
# second now and then, in which nobody was answered; requests hardly leave any.
gc.freeze()
gc.set_threshold(20_000, 50, 100)
gc.enable()
