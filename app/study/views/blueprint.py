"""The one blueprint that all pages of study hang on."""

from flask import Blueprint

blueprint = Blueprint("study", __name__)
