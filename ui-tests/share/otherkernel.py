"""A kernel of another language, or of none: it knows nothing but how often it was asked."""

from __future__ import annotations

import sys
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel


class OtherKernel(Kernel):
    """Answers each piece of code with how many it has had."""

    implementation = "other"
    implementation_version = "1"
    banner = "Other"
    asked = 0

    async def do_execute(
        self, code: str, silent: bool, store_history: bool = True, *_: Any, **__: Any
    ) -> dict[str, Any]:
        """Count it, and say so."""
        self.asked += 1
        stream = {"name": "stdout", "text": f"asked {self.asked} times\n"}
        self.send_response(self.iopub_socket, "stream", stream)
        return {
            "status": "ok",
            "execution_count": self.execution_count,
            "payload": [],
            "user_expressions": {},
        }


if __name__ == "__main__":
    language = sys.argv.pop(1)
    OtherKernel.language_info = {} if language == "none" else {"name": language}
    IPKernelApp.launch_instance(kernel_class=OtherKernel)
