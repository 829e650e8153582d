"""The application object that production servers load."""

import gc

gc.disable()  # nothing of what is imported is ever garbage

from app.factory import create_app  # noqa: E402
from app.web.serving import start_serving  # noqa: E402

application = create_app(commands=False)
start_serving(application)
