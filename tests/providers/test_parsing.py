"""The pure parts: lines, chunks, usage, URLs, error bodies."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_gpt.errors import InvalidRequest, ProviderError
from jupyterlab_gpt.providers import urls
from jupyterlab_gpt.providers.base import Text
from jupyterlab_gpt.providers.chunks import ChunkReader, read_usage
from jupyterlab_gpt.providers.faults import refused
from jupyterlab_gpt.providers.sse import LineSplitter, LineTooLongError


@given(st.lists(st.sampled_from([b"a", b"\r", b"\n", b"\r\n", b"\xe2\x80\xa8", b"xyz"])), st.data())
def test_lines_do_not_depend_on_the_pieces(parts: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(parts)
    splitter = LineSplitter(100)
    got = []
    while whole:
        size = data.draw(st.integers(1, len(whole)))
        got += list(splitter.feed(whole[:size]))
        whole = whole[size:]
    got.append(splitter.rest())
    want = b"".join(parts).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    assert got == want


def test_a_line_has_a_cap_while_it_grows() -> None:
    splitter = LineSplitter(10)
    assert list(splitter.feed(b"0123456789\n0123")) == [b"0123456789"]
    with pytest.raises(LineTooLongError):
        list(splitter.feed(b"4567890"))


def test_a_megabyte_byte_by_byte_is_linear() -> None:
    splitter = LineSplitter(1 << 20)
    start = time.perf_counter()
    for _ in range(200_000):
        assert list(splitter.feed(b"x")) == []
    assert time.perf_counter() - start < 10
    assert len(splitter.rest()) == 200_000


@pytest.mark.parametrize(
    ("raw", "want"),
    [
        ({"prompt_tokens": 7, "completion_tokens": 3}, (7, 3)),
        ({"input_tokens": 7, "output_tokens": 3}, (7, 3)),
        ({"prompt_tokens": -7, "completion_tokens": "3"}, None),
        ({"prompt_tokens": True, "completion_tokens": float("nan")}, None),
        ({"prompt_tokens": 7.0, "completion_tokens": None}, (7, None)),
        ({}, None),
    ],
)
def test_usage(raw: dict[str, Any], want: tuple[int, int] | None) -> None:
    usage = read_usage(raw)
    assert (usage and (usage["input"], usage["output"])) == want


def test_usage_details_larger_than_the_whole_are_unknown() -> None:
    usage = read_usage(
        {
            "prompt_tokens": 5,
            "prompt_tokens_details": {"cached_tokens": 9},
            "completion_tokens": 4,
            "completion_tokens_details": {"reasoning_tokens": 4},
        }
    )
    assert usage is not None
    assert (usage["cached_input"], usage["reasoning"]) == (None, 4)


def chunk(text: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}}]}


def test_surrogates_and_control_characters_are_replaced() -> None:
    reader = ChunkReader("host", ())
    got = []
    for line in ('"a\\ud83d"', '"\\ude00b"', '"\\ude00"', '"\\u0000\\u001b[31m\\t\\n"'):
        for event in reader.feed(chunk(json.loads(line))):
            assert isinstance(event, Text)
            got.append(event.text)
    assert "".join(got) == "a\U0001f600b\ufffd\ufffd\ufffd[31m\t\n"
    "".join(got).encode()


@pytest.mark.parametrize(
    "said",
    [
        {"error": {"message": "overloaded now", "code": 502}},
        {"error": "overloaded now"},
        {"object": "error", "message": "overloaded now"},
    ],
)
def test_error_objects_are_raised(said: dict[str, Any]) -> None:
    with pytest.raises(ProviderError, match="overloaded now") as caught:
        ChunkReader("host", ()).feed(said)
    assert caught.value.code == "provider_error"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "choices",
                        "delta",
                        "content",
                        "usage",
                        "index",
                        "text",
                        "message",
                        "finish_reason",
                        "type",
                        "reasoning",
                        "prompt_tokens",
                        "completion_tokens_details",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_no_json_crashes_the_reader(value: Any) -> None:
    ChunkReader("host", ()).feed(value)
    ChunkReader("host", ()).feed({"choices": value, "usage": value})
    ChunkReader("host", ()).feed({"choices": [value, {"delta": value}]})


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"error": {"code": "context_length_exceeded", "message": "x"}}, "prompt_too_long"),
        (413, "<html>too large</html>", "prompt_too_long"),
        (402, {"error": {"message": "Payment required"}}, "no_credit"),
        (429, {"error": {"type": "insufficient_quota"}}, "no_credit"),
        (529, "", "provider_unavailable"),
        (502, "<html>Bad Gateway</html>", "provider_unavailable"),
        (422, {"detail": [{"msg": "wrong"}]}, "provider_bad_request"),
        (404, "404 page not found", "provider_bad_request"),
        (404, {"error": {"message": "model 'x' not found"}}, "model_not_found"),
    ],
)
def test_statuses(status: int, body: Any, code: str) -> None:
    data = (body if isinstance(body, str) else json.dumps(body)).encode()
    error = refused(status, data, {}, host="host")
    assert error.code == code


def test_a_key_in_an_error_is_redacted() -> None:
    error = refused(401, b"key hunter2hunter2 is bad", {}, host="h", secrets=("hunter2hunter2",))
    assert "hunter2" not in error.message + str(error.detail)


@pytest.mark.parametrize(
    ("given", "want"),
    [
        (" https://API.openai.com:443/v1/ ", "https://api.openai.com/v1"),
        ("http://127.0.0.1:8000/v1/chat/completions", "http://127.0.0.1:8000/v1"),
        ("http://localhost:11434", "http://localhost:11434"),
        ("http://[::1]:8000//v1", "http://[::1]:8000/v1"),
        ("http://192.168.1.5/v1", "http://192.168.1.5/v1"),
        ("http://0x7f.1:8000/v1", "http://127.0.0.1:8000/v1"),
    ],
)
def test_one_spelling(given: str, want: str) -> None:
    assert urls.normalise(given) == want


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://0251.0376.0251.0376/",
        "http://169.254.43518/",
        "http://169.254.1.1./v1",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:a9fe:a9fe::1]/",
        "http://[fe80::1]/",
        "http://[fe80::1%25eth0]/",
        "http://[fd00:ec2::254]/",
        "http://\uff11\uff16\uff19.254.169.254/",
        "http://169\u3002254\u3002169\u3002254/",
        "http://%31%36%39.254.169.254/",
        "http://Metadata.Google.Internal/",
        "http://metadata.google.internal./",
        "http://100.100.100.200/",
    ],
)
def test_link_local_is_refused_in_every_spelling(url: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        urls.normalise(url)
    assert caught.value.code == "bad_url"
    assert caught.value.detail["reason"] == "link_local"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "empty"),
        ("ftp://host/", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("host:8000/v1", "scheme"),
        ("http://", "host"),
        ("http://user:pass@host/", "credentials"),
        ("http://host/v1?key=1", "query"),
        ("http://host:99999/", "port"),
        ("http://ho st/", "host"),
        ("https://YOUR-RESOURCE.openai.azure.com/openai/v1", "placeholder"),
        ("https://your-resource-name.openai.azure.com/openai/v1/", "placeholder"),
    ],
)
def test_bad_urls_say_why(url: str, reason: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        urls.normalise(url)
    assert caught.value.detail["reason"] == reason


def test_a_key_of_https_is_not_for_http() -> None:
    assert urls.host_of("https://a.example/v1") == "a.example"
    assert urls.host_of("http://a.example/v1") == "a.example:80"
    assert urls.host_of("https://a.example:8443/v1") == "a.example:8443"
