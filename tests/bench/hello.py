"""The smallest Flask application: the ceiling that pages are compared with."""

from flask import Flask

application = Flask(__name__)


@application.get("/")
def hello() -> str:
    """Say hello."""
    return "hello"
