"""The site as in production, but without CSRF tokens, so that a plain load generator can post."""

from app.factory import create_app

application = create_app({"WTF_CSRF_ENABLED": False})
