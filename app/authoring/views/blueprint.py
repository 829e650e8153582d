"""The one blueprint that all pages of authoring hang on."""

from flask import Blueprint

blueprint = Blueprint("authoring", __name__)
