"""A bare client that reads a stream: prints when each chunk was read, as JSON.

python -m benchmarks.client http://127.0.0.1:20800 bench-prose-500-50
"""

from __future__ import annotations

import http.client
import json
import sys
import time
from urllib.parse import urlsplit


def main() -> None:
    origin, model = sys.argv[1:]
    connection = http.client.HTTPConnection(urlsplit(origin).netloc)
    body = json.dumps({"model": model, "stream": True, "messages": []})
    connection.request("POST", "/v1/chat/completions", body)
    response = connection.getresponse()
    arrived = []
    for line in response:
        if line.startswith(b"data: {") and json.loads(line[6:])["choices"][0]["delta"]:
            arrived.append(time.time())
    print(json.dumps(arrived))


if __name__ == "__main__":
    main()
