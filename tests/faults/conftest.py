"""A home and a provider on loopback, as for the servers that are killed."""

from __future__ import annotations

from tests.durability.conftest import fake, home

__all__ = ["fake", "home"]
