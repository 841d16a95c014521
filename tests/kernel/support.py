"""A real Jupyter server in a process of its own, its kernels, and what a cell shows."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import time
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client import BlockingKernelClient

ROOT = Path(__file__).parent.parent.parent
TOKEN = "a-token-that-must-never-be-seen"
# A server or a kernel starts within 5 s, on a busy machine within 20.
PATIENCE = 60.0


def until(condition: Any, seconds: float = PATIENCE) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


@dataclass
class Shown:
    """What a cell shows when it has run."""

    status: str
    error: dict[str, Any] | None = None
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    updates: int = 0
    streams: str = ""
    result: str | None = None
    bytes: int = 0
    everything: str = ""

    @property
    def texts(self) -> list[str]:
        return [data["text/plain"] for data in self.outputs.values()]

    @property
    def pages(self) -> list[str]:
        return [data["text/html"] for data in self.outputs.values()]


class Kernel:
    """A kernel that the server started; its process is the server's child."""

    def __init__(self, server: Server, name: str | None = None) -> None:
        self.server = server
        if name is None:
            answer = server.api("api/kernels", "POST", {"name": "python3"})
            self.id = answer["id"]
        else:
            body = {"path": name, "type": "notebook", "name": name, "kernel": {"name": "python3"}}
            self.id = server.api("api/sessions", "POST", body)["kernel"]["id"]
        file = server.runtime / f"kernel-{self.id}.json"
        until(file.exists)
        self.client = BlockingKernelClient(connection_file=str(file))
        self.client.load_connection_file()
        self.client.start_channels()
        until(self._is_ready)

    def _is_ready(self) -> bool:
        """Whether it answers, and its outputs are heard: a subscription takes a moment."""
        self.client.kernel_info()
        try:
            self.client.get_shell_msg(timeout=2)
            self.client.get_iopub_msg(timeout=0.2)
        except queue.Empty:
            return False
        return True

    def start(self, code: str) -> str:
        return str(self.client.execute(code))

    def run(self, code: str, **more: Any) -> Shown:
        return self.wait(self.start(code), **more)

    def wait(self, message_id: str, on_output: Any = None) -> Shown:
        shown = Shown("?")
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") != message_id:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind != "execute_input":
                shown.everything += json.dumps(content)
            if kind == "status" and content["execution_state"] == "idle":
                break
            self._take(shown, kind, content)
            if on_output is not None and kind.endswith("display_data"):
                on_output(shown)
        reply = self._reply(message_id)
        shown.status = reply["status"]
        shown.everything += json.dumps(reply)
        return shown

    def _reply(self, message_id: str) -> dict[str, Any]:
        while True:
            reply = self.client.get_shell_msg(timeout=PATIENCE)
            if reply["parent_header"].get("msg_id") == message_id:
                content: dict[str, Any] = reply["content"]
                return content

    def _take(self, shown: Shown, kind: str, content: dict[str, Any]) -> None:
        if kind in ("display_data", "update_display_data"):
            name = (content.get("transient") or {}).get("display_id") or str(uuid.uuid4())
            if kind == "display_data":
                assert name not in shown.outputs, "shown twice"
            else:
                assert name in shown.outputs, "updates what is not there"
                shown.updates += 1
            shown.outputs[name] = content["data"]
            shown.bytes += len(json.dumps(content["data"]))
        elif kind == "error":
            shown.error = content
        elif kind == "stream":
            shown.streams += content["text"]
        elif kind == "execute_result":
            shown.result = content["data"]["text/plain"]

    def interrupt(self) -> None:
        self.server.api(f"api/kernels/{self.id}/interrupt", "POST")

    def close(self) -> None:
        self.client.stop_channels()
        with contextlib.suppress(OSError):  # the test stopped the server
            self.server.api(f"api/kernels/{self.id}", "DELETE")


class Server:
    """`jupyter server` with our extension, asked of nobody but the fake provider."""

    def __init__(
        self,
        home: Path,
        provider: str,
        *options: str,
        environ: dict[str, str] | None = None,
        extension: bool = True,
    ) -> None:
        self.home, self.runtime = home, home / "runtime"
        self.work = home / "work"
        self.work.mkdir(parents=True)
        self.environ = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "JPY_"))},
            "HOME": str(home),
            "IPYTHONDIR": str(home / "ipython"),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.runtime),
            **(environ or {}),
        }
        self.log = (home / "log.txt").open("w+")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter_server"),
                *("--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"),
                *("--ServerApp.port=0", f"--ServerApp.root_dir={self.work}"),
                f"--ServerApp.jpserver_extensions={{'jupyterlab_gpt': {extension}}}",
                f"--GPTExtension.base_url={provider}",
                "--GPTExtension.model=fake-gpt",
                "--GPTExtension.reply_tokens_reasoning=1000000",
                f"--GPTExtension.data_dir={home / 'gpt'}",
                *(options or (f"--IdentityProvider.token={TOKEN}",)),
            ],
            env=self.environ,
            stdout=subprocess.DEVNULL,
            stderr=self.log,
        )
        self.info: dict[str, Any] = json.loads(until(self._info))
        self.url = f"http://127.0.0.1:{self.info['port']}"
        until(self._answers)

    def _info(self) -> str | None:
        assert self.process.poll() is None, Path(self.log.name).read_text()
        file = self.runtime / f"jpserver-{self.process.pid}.json"
        return file.read_text() if file.exists() and file.stat().st_size else None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}{self.info['base_url']}api", timeout=5):
                return True
        except OSError:
            return False

    def api(self, path: str, method: str = "GET", body: Any = None) -> Any:
        token = self.info["token"] or self.environ.get("JUPYTERHUB_API_TOKEN") or TOKEN
        request = urllib.request.Request(
            f"{self.url}{self.info['base_url']}{path}",
            data=json.dumps(body or {}).encode() if method in ("POST", "PUT") else None,
            headers={"Authorization": f"token {token}"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def usage(self) -> dict[str, Any]:
        found: dict[str, Any] = self.api("jupyterlab-gpt/api/usage")
        return found

    def conversations(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.api("jupyterlab-gpt/api/conversations")["items"]
        return items

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def close(self) -> None:
        if self.process.poll() is None:
            self.stop()
        self.log.close()
