"""A server of its own for each table, forked from one that has imported all."""

from __future__ import annotations

from tests.durability.conftest import fake, home, nursery

__all__ = ["fake", "home", "nursery"]
