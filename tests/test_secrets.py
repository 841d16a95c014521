"""Where keys live, whom they are given to, and that they do not show themselves."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
import threading

import keyring
import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.backend import KeyringBackend

from jupyterlab_gpt.errors import InvalidRequest, StorageError
from jupyterlab_gpt.keystores import _real_backend
from jupyterlab_gpt.secrets import MAX_KEY, KeyStore, clean_key

CANARY = "sk-canary-0123456789abcdef"
HOST = "api.openai.com"


def store(folder, **changes):
    values = {
        "administrator": None,
        "administrator_host": None,
        "environment": None,
        "use_keyring": False,
    }
    return KeyStore(folder, **{**values, **changes})


@pytest.mark.parametrize(
    "pasted",
    [
        CANARY,
        f"  {CANARY}\n",
        f"\r\n{CANARY}\t",
        f'"{CANARY}"',
        f"'{CANARY}' ",
        f"Bearer {CANARY}",
        f"Authorization: Bearer {CANARY}",
        f"export OPENAI_API_KEY='{CANARY}'\n",
        f"\u200b{CANARY}\u00a0",
        f"“{CANARY}”",
        f"{CANARY[:10]}\n  {CANARY[10:]}",
    ],
)
def test_a_pasted_key_is_cleaned(pasted):
    assert clean_key(pasted) == CANARY


@pytest.mark.parametrize("nothing", ["", "  \n", '""', "Bearer "])
def test_no_key_is_fine(nothing):
    assert clean_key(nothing) == ""


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [
        ("sk-canary 0123456789", "spaces"),
        ("https://api.openai.com/v1", "url"),
        ("sk-…abcd", "characters"),
        ("sk-•••••abcd", "masked"),
        ("sk-...abcd", "masked"),
        ("sk-ключ", "characters"),
        ("sk-\x1b[31m", "characters"),
        ("sk-\ud800", "characters"),
        ("x" * (MAX_KEY + 1), "too_long"),
    ],
)
def test_what_cannot_be_a_key_is_refused_with_a_reason(pasted, reason):
    with pytest.raises(InvalidRequest) as caught:
        clean_key(pasted)
    assert (caught.value.code, caught.value.detail) == ("bad_key", {"reason": reason})
    assert pasted not in caught.value.message


def test_a_saved_key_is_for_its_host_and_owner_only(tmp_path):
    keys = store(tmp_path)
    keys.set("ada", "default", "API.openai.com.", CANARY)
    for again in (keys, store(tmp_path)):
        assert again.get("ada", "default", HOST) == CANARY
        assert again.info("ada", "default", HOST) == {
            "set": True,
            "last4": "cdef",
            "source": "file",
        }
        for who, what, where in (
            ("ada", "default", "evil.example"),
            ("ada", "default", f"{HOST}:8443"),
            ("ada", "other", HOST),
            ("eve", "default", HOST),
        ):
            assert again.get(who, what, where) is None
            nothing = {"set": False, "last4": None, "source": None}
            assert again.info(who, what, where) == nothing
    keys.delete("ada", "default")
    keys.delete("ada", "default")
    assert store(tmp_path).get("ada", "default", HOST) is None
    assert CANARY in keys.all_secrets()  # an old key may still stand in some error


def test_a_short_key_shows_nothing(tmp_path):
    keys = store(tmp_path)
    keys.set("ada", "default", "localhost:8000", "none")
    assert keys.info("ada", "default", "localhost:8000")["last4"] is None


def test_the_order_of_sources(tmp_path):
    keys = store(
        tmp_path,
        administrator="sk-administrator-key",
        administrator_host="gate.example",
        environment="sk-environment-key",
    )
    assert keys.get("ada", "default", "gate.example") == "sk-administrator-key"
    assert keys.info("ada", "default", HOST)["source"] == "environment"
    assert keys.get("ada", "default", "evil.example") is None
    keys.set("ada", "default", HOST, CANARY)
    keys.set("ada", "mine", "gate.example", CANARY)
    assert keys.info("ada", "default", HOST)["source"] == "file"
    assert keys.info("ada", "mine", "gate.example")["source"] == "administrator"
    assert set(keys.all_secrets()) == {"sk-administrator-key", "sk-environment-key", CANARY}
    own = store(tmp_path / "b", environment="sk-environment-key", administrator_host="gate.example")
    assert own.get("ada", "default", "gate.example") == "sk-environment-key"
    assert own.get("ada", "default", "evil.example") is None


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_file_is_private_even_under_umask_000(tmp_path):
    before = os.umask(0)
    try:
        keys = store(tmp_path / "gpt")
        keys.set("ada", "default", HOST, CANARY)
        for file in (tmp_path / "gpt").iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "gpt").stat().st_mode) == 0o700
        file = tmp_path / "gpt" / "keys.json"
        file.chmod(0o644)
        assert keys.get("ada", "default", HOST) == CANARY
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_many_writers_lose_nothing(tmp_path):
    stores = [store(tmp_path) for _ in range(4)]  # as four servers would
    threads = [
        threading.Thread(target=stores[n % 4].set, args=("ada", f"p{n}", HOST, f"sk-{n}"))
        for n in range(24)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = store(tmp_path)
    assert [found.get("ada", f"p{n}", HOST) for n in range(24)] == [f"sk-{n}" for n in range(24)]
    assert {f.name for f in tmp_path.iterdir()} == {"keys.json", "keys.json.lock"}


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"keys": []}', '{"keys": {"ada": 3}}'])
def test_a_damaged_file_is_moved_aside_not_lost(tmp_path, damage):
    (tmp_path / "keys.json").write_text(damage)
    keys = store(tmp_path)
    assert keys.get("ada", "default", HOST) is None
    keys.set("ada", "default", HOST, CANARY)
    assert keys.get("ada", "default", HOST) == CANARY
    (aside,) = tmp_path.glob("keys.json.damaged-*")
    assert aside.read_text() == damage


def test_a_disk_that_refuses(tmp_path):
    (tmp_path / "file").write_text("")
    keys = store(tmp_path / "file" / "under")
    with pytest.raises(StorageError) as caught:
        keys.set("ada", "default", HOST, CANARY)
    assert CANARY not in repr(caught.value)


def test_nothing_shows_a_key(tmp_path):
    keys = store(tmp_path, administrator=CANARY, environment=CANARY)
    shown = [repr(keys), str(keys), f"{keys!a}", repr(list(vars(keys).values())[:3])]
    assert not any("canary" in text for text in shown)


class Real(KeyringBackend):
    """As a desktop's keyring: keeps things, and fails in the ways that they do."""

    priority = 5

    def __init__(self):
        self.saved = {}
        self.broken = False

    def get_password(self, service, username):
        if self.broken:
            raise RuntimeError(f"no bus for {self.saved}")
        return self.saved.get((service, username))

    def set_password(self, service, username, password):
        if self.broken:
            raise RuntimeError(f"cannot store {password}")
        self.saved[service, username] = password

    def delete_password(self, service, username):
        if self.broken:
            raise RuntimeError("no")
        del self.saved[service, username]


@pytest.fixture
def use():
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def test_a_real_keyring_is_used_and_the_file_is_not(tmp_path, use):
    backend = Real()
    use(backend)
    store(tmp_path).set("ada", "default", HOST, "sk-older-in-the-file")
    keys = store(tmp_path, use_keyring=True)
    assert keys.info("ada", "default", HOST)["source"] == "file"
    keys.set("ada", "default", HOST, CANARY)
    assert keys.info("ada", "default", HOST)["source"] == "keyring"
    assert keys.get("ada", "default", HOST) == CANARY
    assert keys.get("ada", "default", "evil.example") is None
    assert json.loads((tmp_path / "keys.json").read_text())["keys"] == {}
    keys.delete("ada", "default")
    assert backend.saved == {}
    assert keys.get("ada", "default", HOST) is None


def test_a_broken_keyring_falls_back_and_says_no_key(tmp_path, use, caplog):
    caplog.set_level(logging.DEBUG)
    backend = Real()
    use(backend)
    backend.broken = True
    keys = store(tmp_path, use_keyring=True)
    keys.set("ada", "default", HOST, CANARY)
    assert keys.info("ada", "default", HOST)["source"] == "file"
    keys.delete("ada", "default")
    assert keys.get("ada", "default", HOST) is None
    assert "RuntimeError" in caplog.text
    assert "canary" not in caplog.text


def test_backends_that_are_none_are_not_used(tmp_path, use):
    class Plain(Real):
        priority = 0.5

    plaintext = type("PlaintextKeyring", (Real,), {"__module__": "keyrings.alt.file"})
    for unreal in (
        keyring.backends.fail.Keyring(),
        keyring.backends.null.Keyring(),
        Plain(),
        plaintext(),
    ):
        use(unreal)
        keys = store(tmp_path, use_keyring=True)
        keys.set("ada", "default", HOST, CANARY)
        assert keys.info("ada", "default", HOST)["source"] == "file"
    real = Real()
    chainer = type("C", (), {"__module__": "keyring.backends.chainer", "backends": [Plain(), real]})
    assert _real_backend(chainer()) is real
    chainer.backends = [Plain()]
    assert _real_backend(chainer()) is None


def test_keyring_is_imported_on_first_use():
    code = (
        "import sys; from jupyterlab_gpt.secrets import KeyStore; from pathlib import Path;"
        "KeyStore(Path('x'), administrator=None, administrator_host=None, environment=None);"
        "sys.exit('keyring' in sys.modules or 'pydantic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
