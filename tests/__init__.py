"""Tests of JupyterLab GPT."""
