"""The application object that production servers load."""

import gc

from app.base.checkpoint import start_checkpoints
from app.factory import create_app

application = create_app(commands=False)
start_checkpoints(application)

# What was made until now stays for good. Looking through all of it for garbage took a tenth of a
# second now and then, in which nobody was answered; requests hardly leave any.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 50, 100)
