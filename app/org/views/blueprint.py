"""The blueprint of the room, apart so that every file of pages can hang its views on it."""

from flask import Blueprint
from werkzeug.wrappers import Response

blueprint = Blueprint("org", __name__)
Page = Response | tuple[str, int]
