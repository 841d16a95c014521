"""The wire: golden frames, and the TypeScript that is generated from it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from jupyterlab_gpt import protocol
from jupyterlab_gpt.errors import ERROR_CODES
from jupyterlab_gpt.handlers import base, blobs, stream

ROOT = Path(__file__).parent.parent
FRAMES = Path(__file__).parent / "frames"


def golden(side: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        (path.stem, frame)
        for path in sorted((FRAMES / side).glob("*.json"))
        for frame in json.loads(path.read_text())
    ]


def types_of(union: Any) -> set[str]:
    members = get_args(get_args(union)[0])
    return {member.model_fields["type"].default for member in members}


def assert_contained(dumped: Any, frame: Any) -> None:
    """All that a model keeps stands in the frame as it is; what it adds is a default."""
    if isinstance(dumped, dict):
        for name, value in dumped.items():
            if name in frame:
                assert_contained(value, frame[name])
            else:
                assert value in (None, [], 0, False, "")
    elif isinstance(dumped, list):
        assert len(dumped) == len(frame)
        for one, other in zip(dumped, frame, strict=True):
            assert_contained(one, other)
    else:
        assert dumped == frame


def test_every_type_has_golden_frames() -> None:
    assert {name for name, _ in golden("client")} == types_of(protocol.ClientFrame)
    assert {name for name, _ in golden("server")} == types_of(protocol.ServerFrame)
    for side in ("client", "server"):
        for name in {name for name, _ in golden(side)}:
            of_type = [frame for other, frame in golden(side) if other == name]
            assert any("from_the_future" in frame for frame in of_type), name


@pytest.mark.parametrize(("name", "frame"), golden("client"))
def test_what_a_client_sends(name: str, frame: dict[str, Any]) -> None:
    read = protocol.parse_client_frame(frame)
    assert read is not None
    assert read.type == name
    assert "from_the_future" not in read.model_dump()
    assert_contained(read.model_dump(), frame)
    again = protocol.parse_client_frame(json.loads(read.model_dump_json()))
    assert again == read


@pytest.mark.parametrize(("name", "frame"), golden("server"))
def test_what_the_server_sends(name: str, frame: dict[str, Any]) -> None:
    read = protocol.SERVER_FRAME.validate_python(frame)
    assert read.type == name
    assert_contained(read.model_dump(), frame)
    # The server sends every field: the golden frame has all of them.
    assert set(read.model_dump()) <= set(frame)
    assert protocol.SERVER_FRAME.validate_json(read.model_dump_json()) == read


def test_unknown_frames_and_parts_are_ignored() -> None:
    assert protocol.parse_client_frame({"type": "confetti"}) is None
    (_, frame) = golden("client")[-1]
    assert frame["type"] == "submit"
    parts = [{"type": "hologram"}, {"type": "text", "text": "x"}]
    read = protocol.parse_client_frame({**frame, "parts": parts})
    assert isinstance(read, protocol.Submit)
    assert [part.type for part in read.parts] == ["text"]


@pytest.mark.parametrize(
    "broken",
    [
        {"request_id": "7"},
        {"answer_id": None},
        {"parts": [{"type": "cell"}]},
        {"params": {"temperature": 3}},
        {"provider": "../x"},
        {"parts": [{"type": "image", "mime": "image/png", "blob": "short"}]},
    ],
)
def test_wrong_fields_are_refused(broken: dict[str, Any]) -> None:
    (_, frame) = golden("client")[-1]
    with pytest.raises(ValidationError):
        protocol.parse_client_frame({**frame, **broken})


def test_constants_that_stand_twice_are_the_same() -> None:
    """`handlers` must not import `protocol` at start, so these three stand there too."""
    assert stream.SUBPROTOCOL == protocol.SUBPROTOCOL
    assert stream.MAX_FRAME_BYTES == protocol.MAX_FRAME_BYTES == base.MAX_JSON_BYTES
    assert blobs.MAX_BLOB_BYTES == protocol.MAX_BLOB_BYTES


def test_codes_are_a_closed_list() -> None:
    assert len(set(ERROR_CODES)) == len(ERROR_CODES)
    assert get_args(protocol.ErrorCode) == ERROR_CODES
    adapter: TypeAdapter[Any] = TypeAdapter(protocol.ErrorCode)
    for code in ERROR_CODES:
        assert adapter.validate_python(code) == code


def test_the_typescript_is_generated_from_the_python(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    if not (ROOT / "node_modules" / "json-schema-to-typescript").is_dir():
        pytest.skip("needs node_modules (jlpm install)")
    schema = subprocess.run(
        [sys.executable, "scripts/protocol_schema.py"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": str(Path(node).parent)},
        capture_output=True,
        check=True,
    ).stdout
    # Beside the checked-in file, so that prettier finds the same settings.
    out = ROOT / "src" / "protocol" / f".frames-{tmp_path.name}.ts"
    try:
        subprocess.run(
            [node, "scripts/protocol-types.mjs", str(out)], cwd=ROOT, input=schema, check=True
        )
        made = out.read_text()
    finally:
        out.unlink(missing_ok=True)
    assert made == (ROOT / "src" / "protocol" / "frames.ts").read_text(), "run `jlpm protocol`"
