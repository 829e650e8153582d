"""Tests of study that need papers take the room of quiz's tests."""

from tests.quiz.conftest import room

__all__ = ["room"]
