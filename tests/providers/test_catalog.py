"""What a list of models tells of each of them; what it does not tell stays unknown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyterlab_gpt.protocol import ModelInfo
from jupyterlab_gpt.providers.catalog import chat_models, read_models


def infos(*models: dict[str, Any]) -> list[ModelInfo]:
    listed = read_models(json.dumps({"data": models}).encode())
    assert listed is not None
    found = chat_models(listed, provider="default", local=False)
    return [ModelInfo.model_validate({**info, "refused": []}) for info in found]


@pytest.mark.parametrize(
    ("takes", "effort", "verbosity", "temperature"),
    [
        (["temperature", "reasoning"], ["low", "medium", "high"], False, True),
        (["reasoning_effort", "verbosity"], ["low", "medium", "high"], True, False),
        # A list that names neither says that there is neither.
        (["temperature", "max_tokens", 7, None], [], False, True),
        ([], [], False, False),
        (None, None, None, None),
        ("temperature", None, None, None),
    ],
)
def test_parameters(
    takes: Any, effort: list[str] | None, verbosity: bool | None, temperature: bool | None
) -> None:
    (info,) = infos({"id": "m", "supported_parameters": takes})
    assert (info.effort, info.verbosity, info.temperature) == (effort, verbosity, temperature)


@pytest.mark.parametrize(
    ("model", "length"),
    [
        ({"context_length": 128_000}, 128_000),
        ({"max_model_len": 8192}, 8192),
        ({"meta": {"n_ctx": 4096}}, 4096),
        ({"context_length": 0, "context_window": 2000}, 2000),
        ({"context_length": "many"}, None),
        ({"context_length": True}, None),
        ({}, None),
    ],
)
def test_context_length(model: dict[str, Any], length: int | None) -> None:
    (info,) = infos({"id": "m", **model})
    assert info.context_length == length
