"""Finding the server: its runtime file, a hub's environment, and why there is none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_gpt.kernel.errors import ServerGone
from jupyterlab_gpt.kernel.server import (
    LOCKED_OUT,
    NOT_FOUND,
    UNIX_SOCKET,
    Server,
    find_servers,
    notebook_path,
    parents,
)

HUB = {
    "JUPYTERHUB_SERVICE_PREFIX": "/user/ada/",
    "JUPYTERHUB_API_TOKEN": "hub-token",
    "JUPYTERHUB_SERVICE_URL": "http://0.0.0.0:8888/user/ada/",
}


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    (tmp_path / "runtime").mkdir()
    return tmp_path / "runtime"


def info(**more: Any) -> dict[str, Any]:
    return {
        "url": "http://127.0.0.1:8888/",
        "hostname": "127.0.0.1",
        "port": 8888,
        "sock": "",
        "secure": False,
        "base_url": "/",
        "token": "secret",
        "root_dir": "/work",
        "password": False,
        **more,
    }


def write(runtime: Path, pid: int | None = None, **more: Any) -> None:
    pid = pid or os.getppid()
    (runtime / f"jpserver-{pid}.json").write_text(json.dumps(info(**{"pid": pid, **more})))


def find_server(environ: dict[str, str]) -> Server:
    return find_servers(environ)[0]


def test_the_parents_file(runtime: Path) -> None:
    write(runtime, base_url="/base/", url="http://127.0.0.1:8888/base/")
    write(runtime, pid=10_000_000, token="another")
    found = find_server({})
    assert (found.url, found.token) == ("http://127.0.0.1:8888/base/", "secret")
    assert found.headers == {"Authorization": "token secret"}
    assert "secret" not in repr(found)
    assert found.pid == os.getppid()


def test_a_file_of_another_process(runtime: Path) -> None:
    """Copied, or half of what a server writes: it names nobody."""
    write(runtime, **{"pid": 10_000_000})
    (runtime / "jpserver-10000000.json").rename(runtime / f"jpserver-{os.getppid()}.json")
    with pytest.raises(ServerGone) as none:
        find_servers({})
    assert none.value.sentence == NOT_FOUND


def test_all_that_may_be_it_the_nearest_first(runtime: Path) -> None:
    ours, above = list(parents())[:2]
    write(runtime, pid=above, token="above")
    write(runtime, pid=ours, token="ours")
    assert [server.token for server in find_servers({})] == ["ours", "above"]
    assert [server.token for server in find_servers(HUB)] == ["ours", "above", "hub-token"]


@pytest.mark.parametrize("hostname", ["", "0.0.0.0", "::"])
def test_a_server_that_listens_everywhere(runtime: Path, hostname: str) -> None:
    write(runtime, hostname=hostname, url="http://a-container:8888/x/", base_url="/x/")
    assert find_server({}).url == "http://localhost:8888/x/"
    write(runtime, hostname=hostname, url="https://a-container:8888/", secure=True)
    assert find_server({}).url == "https://a-container:8888/", "its certificate has that name"


def test_a_server_without_login(runtime: Path) -> None:
    write(runtime, token="")
    assert find_server({}).headers == {}


def test_why_there_is_none(runtime: Path) -> None:
    with pytest.raises(ServerGone) as none:
        find_server({})
    assert none.value.sentence == NOT_FOUND
    write(runtime, token="", password=True)
    with pytest.raises(ServerGone) as password:
        find_server({})
    assert password.value.sentence == LOCKED_OUT
    write(runtime, sock="/run/jupyter.sock", url="http+unix://%2Frun%2Fjupyter.sock/")
    with pytest.raises(ServerGone) as socket:
        find_server({})
    assert socket.value.sentence == UNIX_SOCKET
    (runtime / f"jpserver-{os.getppid()}.json").write_text("{ half a fi")
    with pytest.raises(ServerGone):
        find_server({})


def test_a_hubs_token_goes_to_the_hubs_server_only(runtime: Path) -> None:
    write(runtime, token="", base_url="/user/ada/", url="http://127.0.0.1:9999/user/ada/")
    found = find_server(HUB)
    assert (found.url, found.token) == ("http://127.0.0.1:9999/user/ada/", "hub-token")
    # A second server that somebody started in a terminal of the hub's.
    write(runtime, token="", base_url="/", url="http://127.0.0.1:7777/")
    assert find_server(HUB).token == ""


def test_a_hub_without_the_file() -> None:
    found = find_server(HUB)
    assert (found.url, found.token) == ("http://localhost:8888/user/ada/", "hub-token")
    for name in HUB:
        with pytest.raises(ServerGone):
            find_server({key: value for key, value in HUB.items() if key != name})


def test_a_launcher_between_kernel_and_server(runtime: Path) -> None:
    """A shell, another shell, and the kernel: the server is further up."""
    code = (
        "from jupyterlab_gpt.kernel.server import find_servers, parents; "
        "print(find_servers({})[0].token, len(list(parents())))"
    )
    write(runtime, pid=os.getpid(), token="far-up")
    shell = f"sh -c '{sys.executable} -c \"{code}\"; true'; true"
    done = subprocess.run(
        ["sh", "-c", shell], capture_output=True, text=True, timeout=60, check=True
    )
    token, levels = done.stdout.split()
    assert token == "far-up"
    assert int(levels) >= 3


def test_parents_begin_with_ours() -> None:
    assert next(parents()) == os.getppid()


def test_the_notebook_of_a_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "root"
    (root / "a").mkdir(parents=True)
    monkeypatch.setenv("JPY_SESSION_NAME", str(root / "a" / "b.ipynb"))
    assert notebook_path(str(root)) is None, "renamed since"
    (root / "a" / "b.ipynb").write_text("{}")
    assert notebook_path(str(root)) == "a/b.ipynb"
    assert notebook_path(None) is None
    assert notebook_path(str(tmp_path / "elsewhere")) is None
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert notebook_path(str(root)) is None
