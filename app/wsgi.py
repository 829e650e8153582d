"""The application object that production servers load."""

from app.factory import create_app

application = create_app(commands=False)
