"""The memory of a server's process, watched from outside."""

from __future__ import annotations

import asyncio
import resource
from pathlib import Path


class Memory:
    """The most that a process has had in memory."""

    def __init__(self, pid: int) -> None:
        self._statm = Path(f"/proc/{pid}/statm")
        self.most = self.now()
        self._task = asyncio.create_task(self._watch())

    def now(self) -> float:
        """In MiB."""
        return int(self._statm.read_text().split()[1]) * resource.getpagesize() / 2**20

    async def _watch(self) -> None:
        while True:
            self.most = max(self.most, self.now())
            await asyncio.sleep(0.02)

    def close(self) -> None:
        self._task.cancel()
