"""Fakes that behave like the real thing on a loopback socket."""
