"""Our traits as the user's server would read them, from Jupyter's configuration files."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import Any

from jupyter_core.paths import jupyter_config_path
from traitlets import TraitError
from traitlets.config import Config
from traitlets.config.loader import (
    ConfigFileNotFound,
    JSONFileConfigLoader,
    LazyConfigValue,
    PyFileConfigLoader,
)

from ..config import GPTTraits
from .saying import say

# The files in which a server looks for our traits, weakest first.
_NAMES = (
    *("jupyter_config", "jupyter_server_config", "jupyter_lab_config"),
    "jupyter_jupyterlab_gpt_config",
)
# Traits of `GPTExtension` that are jupyter_server's own: not ours to judge.
_FOREIGN = {"open_browser", "log_level", "answer_yes", "serverapp_config", "static_paths"}


@dataclass
class Configured:
    """The traits, the files they come from, and what was wrong in them."""

    traits: GPTTraits
    files: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def told(self) -> Configured:
        """Say what was wrong, and go on."""
        for problem in self.problems:
            say(problem)
        return self


def configured() -> Configured:
    """Read all files; what is wrong in them is kept and not raised, as a server goes on too."""
    merged = Config()
    found = Configured(GPTTraits())
    for folder in reversed(jupyter_config_path()):
        for name in _NAMES:
            for kind in (PyFileConfigLoader, JSONFileConfigLoader):
                ending = "py" if kind is PyFileConfigLoader else "json"
                try:
                    merged.merge(kind(f"{name}.{ending}", path=folder).load_config())
                    found.files.append(f"{folder}/{name}.{ending}")
                except ConfigFileNotFound:
                    continue
                except Exception as error:
                    # As the server does: a broken file of configuration is told and left out.
                    found.problems.append(
                        f"{folder}/{name} could not be read and is left out: {error!r}"
                    )
    for name, value in merged.GPTExtension.items():
        _set(found, name, value)
    return found


def _set(found: Configured, name: str, value: Any) -> None:
    traits = found.traits
    known = traits.trait_names(config=True)
    if name in _FOREIGN or name.startswith("_"):
        return
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        hint = f"; do you mean {near[0]}?" if near else ""
        found.problems.append(f"GPTExtension.{name}: there is no such trait{hint}")
        return
    if isinstance(value, LazyConfigValue):
        value = value.get_value(getattr(traits, name))
    try:
        setattr(traits, name, value)
    except TraitError as error:
        found.problems.append(f"GPTExtension.{name}: {error}")
