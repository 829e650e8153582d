"""What is asked of whom, from the terminal."""

from flask.cli import AppGroup

group = AppGroup("assign", help="What is asked of whom, and until when.")
