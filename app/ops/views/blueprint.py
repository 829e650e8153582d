"""The one blueprint that all pages of operating hang on."""

from flask import Blueprint

blueprint = Blueprint("ops", __name__)
