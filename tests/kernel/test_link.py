"""The socket from a kernel's side, with real servers that go, refuse, or are not ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_gpt.kernel.ask import Waiting
from jupyterlab_gpt.kernel.conversation import Answer, Conversation, Options
from jupyterlab_gpt.kernel.errors import GPTError
from jupyterlab_gpt.kernel.handshake import LEFT_BEHIND, NOT_INSTALLED, SWITCHED_OFF
from jupyterlab_gpt.kernel.link import STOPPED, Link
from jupyterlab_gpt.kernel.server import LOCKED_OUT, find_servers
from jupyterlab_gpt.kernel.server import Server as Found
from tests.fakes.provider import FakeProvider
from tests.kernel.support import TOKEN, Kernel, Server

Start = Callable[..., Server]


@pytest.fixture
def start(fake: FakeProvider, home: Path) -> Iterator[Start]:
    started: list[Server] = []

    def run(*options: str, **more: Any) -> Server:
        started.append(Server(home, fake.url, *options, **more))
        return started[-1]

    yield run
    for server in started:
        server.close()


def link_to(server: Server, token: str = TOKEN) -> Link:
    return Link(lambda: [found(server, token)])


def found(server: Server, token: str = TOKEN, pid: int | None = None) -> Found:
    return Found(f"{server.url}{server.info['base_url']}", token, pid=pid)


def ask(link: Link, model: str = "fake-gpt") -> Waiting:
    return Waiting(link, Conversation().submit("Hello", Options(model=model), None))


def test_a_server_without_us(start: Start) -> None:
    server = start(extension=False)
    with pytest.raises(GPTError, match="does not have JupyterLab GPT") as missing:
        ask(link_to(server)).last()
    assert missing.value.sentence == NOT_INSTALLED


def test_refusals_and_a_server_that_ends(start: Start, fake: FakeProvider) -> None:
    server = start(f"--IdentityProvider.token={TOKEN}", "--GPTExtension.disabled_features=magics")
    with pytest.raises(GPTError) as refused:
        ask(link_to(server, "wrong")).last()
    assert refused.value.sentence == LOCKED_OUT
    with pytest.raises(GPTError) as off:
        ask(link_to(server)).last()
    assert off.value.sentence == SWITCHED_OFF
    assert fake.asked() == []


def test_a_server_that_is_killed(start: Start) -> None:
    server = start()

    def find() -> list[Found]:
        # The parent has gone, so there is no file of it.
        return find_servers({}) if server.process.poll() is not None else [found(server)]

    waiting, answer = ask(Link(find), "fake-slow"), Answer()

    def run() -> None:
        for frame in waiting:
            if frame is not None:
                answer.apply(frame)
            if len(answer.text) > 20:
                server.process.kill()

    with pytest.raises(GPTError) as gone:
        run()
    assert gone.value.sentence == STOPPED
    assert answer.text.startswith("w0001 w0002 w0003")


def test_a_file_that_a_dead_server_left(start: Start, home: Path, fake: FakeProvider) -> None:
    """Its process id was given to one of the kernel's parents, its port to another server."""
    server = start()
    fake.clear()
    left = found(server, pid=10_000_000)
    with pytest.raises(GPTError) as behind:
        ask(Link(lambda: [left])).last()
    assert behind.value.sentence == LEFT_BEHIND.format(pid=10_000_000)
    assert fake.asked() == []

    # Nobody listens where it says; the kernel's own server is further up.
    dead = Found("http://127.0.0.1:9/", "", pid=10_000_001)
    own = found(server, pid=server.process.pid)
    link = Link(lambda: [dead, left, own])
    assert link.server() == dead, "nothing is known yet"
    assert ask(link).last()["type"] == "finished"
    assert link.server() == own
    assert len(fake.asked()) == 1


HUB_LIKE = '''
import os
from jupyter_server.auth import IdentityProvider, User

class HubLike(IdentityProvider):
    """Knows one person, by the hub's token; has no token of its own, as on a hub."""
    def get_user(self, handler):
        sent = handler.request.headers.get("Authorization", "")
        if sent != f"token {os.environ['JUPYTERHUB_API_TOKEN']}":
            return None
        handler._token_authenticated = True
        return User("ada")

c = get_config()
c.ServerApp.identity_provider_class = HubLike
c.IdentityProvider.token = ""
c.HubLike.token = ""
c.ServerApp.base_url = os.environ["JUPYTERHUB_SERVICE_PREFIX"]
'''


def test_on_a_hub(start: Start, home: Path, fake: FakeProvider) -> None:
    config = home.parent / "hub_config.py"
    config.write_text(HUB_LIKE)
    environ = {
        "JUPYTERHUB_API_TOKEN": "the-hubs-own-token",
        "JUPYTERHUB_SERVICE_PREFIX": "/user/ada/",
    }
    server = start(f"--config={config}", environ=environ)
    assert server.info["token"] == ""
    kernel = Kernel(server)
    fake.clear()
    shown = kernel.run("%load_ext jupyterlab_gpt\n%gpt -m fake-echo From the hub")
    kernel.close()
    assert shown.texts[1] == "From the hub"
    assert "the-hubs-own-token" not in shown.everything
    # The person who is logged in has it, not everybody's "local".
    assert [item["title"] for item in server.conversations()] == ["From the hub"]


def test_a_password_has_no_token(start: Start, home: Path, fake: FakeProvider) -> None:
    from jupyter_server.auth import passwd

    config = home.parent / "password_config.py"
    # Open to the test by a header; the runtime file says what it says with a password.
    config.write_text(
        HUB_LIKE.replace("(IdentityProvider)", "(PasswordIdentityProvider)")
        .replace("import IdentityProvider", "import PasswordIdentityProvider, IdentityProvider")
        .replace(
            "c.HubLike.token", f"c.HubLike.hashed_password = {passwd('pass')!r}\nc.HubLike.token"
        )
    )
    environ = {"JUPYTERHUB_API_TOKEN": "for-the-test", "JUPYTERHUB_SERVICE_PREFIX": "/"}
    server = start(f"--config={config}", environ=environ)
    kernel = Kernel(server)
    kernel.run(
        "import os\nfor name in [n for n in os.environ if n.startswith('JUPYTERHUB')]:\n"
        "    del os.environ[name]"
    )
    shown = kernel.run("%load_ext jupyterlab_gpt\n%gpt Hello")
    kernel.close()
    assert shown.error is not None
    (line,) = shown.error["traceback"]
    assert line == LOCKED_OUT
