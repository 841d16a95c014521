"""The built-in model with its real process and the real small weights."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_gpt.errors import LocalModelError
from jupyterlab_gpt.providers.local import LocalModel
from tests.weights import SMALL_MODEL, weights_folder

pytestmark = [pytest.mark.weights, pytest.mark.timeout(300)]

__all__ = ["weights_folder"]  # the fixture, by its name


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(url, headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as response:
            return response.status, dict(response.headers), response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(pid: int, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


async def ask(base_url: str, key: str, **options: Any) -> list[Any]:
    from openai import AsyncOpenAI

    async with AsyncOpenAI(base_url=base_url, api_key=key, max_retries=0, timeout=120) as client:
        stream = await client.chat.completions.create(
            model=SMALL_MODEL,
            messages=[{"role": "user", "content": "Say hello in five words."}],
            stream=True,
            stream_options={"include_usage": True},
            **{"max_tokens": 24, "temperature": 0, **options},
        )
        return [chunk async for chunk in stream]


async def test_real_answer_from_a_real_process(weights_folder: Path) -> None:
    model = LocalModel(model=SMALL_MODEL, folder=weights_folder)
    assert model.state()["state"] == "ready"
    assert model.pid is None  # nothing runs before the first use
    try:
        (base_url, key), again = await asyncio.gather(model.endpoint(), model.endpoint())
        assert again == (base_url, key)
        assert base_url.startswith("http://127.0.0.1:")
        assert base_url.endswith("/v1")

        both = await asyncio.gather(ask(base_url, key), ask(base_url, key))
        for chunks in both:
            texts = [c.choices[0].delta.content for c in chunks if c.choices]
            assert "".join(filter(None, texts)).strip()
            assert len(texts) > 3
            usage = chunks[-1].usage
            assert usage.prompt_tokens > 5
            assert 0 < usage.completion_tokens <= 24

        pid = model.pid
        assert pid is not None
        assert await model.crashed() is None
    finally:
        await model.close()
    assert gone(pid)
    assert await model.crashed() is None


async def test_only_the_key_opens_it(weights_folder: Path) -> None:
    model = LocalModel(model=SMALL_MODEL, folder=weights_folder)
    try:
        base_url, key = await model.endpoint()
        root = base_url.removesuffix("/v1")
        status, headers, body = await asyncio.to_thread(
            get, f"{base_url}/models", Authorization=f"Bearer {key}", Origin="http://evil.test"
        )
        assert status == 200
        assert json.loads(body)["data"][0]["id"] == SMALL_MODEL
        assert "evil" not in str(headers)
        assert not headers.get("access-control-allow-origin")
        wrong = {"Authorization": "Bearer wrong"}
        for path in ("/props", "/slots", "/metrics", "/v1/completions", "/tokenize"):
            status, _, _ = await asyncio.to_thread(get, root + path, **wrong)
            assert status in (401, 404), path
        status, _, page = await asyncio.to_thread(get, f"{root}/", Authorization=f"Bearer {key}")
        assert status == 404
        assert b"<html" not in page.lower()
        status, _, _ = await asyncio.to_thread(get, f"{root}/slots", Authorization=f"Bearer {key}")
        assert status in (404, 501)

        from openai import AuthenticationError

        with pytest.raises(AuthenticationError):
            await ask(base_url, "wrong")

        if sys.platform == "linux":
            for name in ("cmdline", "environ"):
                assert key.encode() not in Path(f"/proc/{model.pid}/{name}").read_bytes()
            environ = Path(f"/proc/{model.pid}/environ").read_bytes().split(b"\0")
            assert b"OMP_WAIT_POLICY=passive" in environ
    finally:
        await model.close()


async def test_prompt_that_is_too_long_is_refused(weights_folder: Path) -> None:
    from openai import BadRequestError

    model = LocalModel(model=SMALL_MODEL, folder=weights_folder)
    try:
        base_url, key = await model.endpoint()
        messages = [{"role": "user", "content": "word " * 5000}]
        from openai import AsyncOpenAI

        async with AsyncOpenAI(base_url=base_url, api_key=key, max_retries=0) as client:
            with pytest.raises(BadRequestError, match="context size"):
                await client.chat.completions.create(
                    model=SMALL_MODEL, messages=messages, max_tokens=1
                )
    finally:
        await model.close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
async def test_crash_is_told_and_the_next_use_starts_anew(weights_folder: Path) -> None:
    model = LocalModel(model=SMALL_MODEL, folder=weights_folder)
    try:
        first, _ = await model.endpoint()
        pid = model.pid
        assert pid is not None
        os.kill(pid, signal.SIGSEGV)
        error = await model.crashed()
        assert isinstance(error, LocalModelError)
        assert error.code == "local_model_failed"
        assert error.retryable
        assert "The built-in model stopped unexpectedly (killed by signal 11)" in error.message

        base_url, key = await model.endpoint()
        assert (base_url, model.pid) != (first, pid)
        assert await model.crashed() is None
        assert await ask(base_url, key, max_tokens=2)
    finally:
        await model.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_process_ends_when_its_parent_is_killed(weights_folder: Path) -> None:
    code = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from jupyterlab_gpt.providers.local import LocalModel\n"
        "async def main():\n"
        "    model = LocalModel(model=sys.argv[1], folder=Path(sys.argv[2]))\n"
        "    await model.endpoint()\n"
        "    print(model.pid, flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, SMALL_MODEL, str(weights_folder)],
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert alive(child)
        parent.kill()
    assert gone(child)
