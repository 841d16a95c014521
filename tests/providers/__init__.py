"""Tests of the providers, against a fake on loopback."""
