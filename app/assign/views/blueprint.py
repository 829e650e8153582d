"""The one blueprint that all pages of assign hang on."""

from flask import Blueprint

blueprint = Blueprint("assign", __name__)
