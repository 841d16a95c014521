"""JupyterHub with JupyterLab GPT: one server and one virtual key for each user.

Only what concerns JupyterLab GPT: authenticator, spawner and addresses are yours. With your
own configuration beside it, load this file from there: ``load_subconfig("…")``.

The hub's environment holds:

``GPT_GATEWAY_URL``       where the LiteLLM proxy is, for example ``https://gateway.campus:4000``
``LITELLM_MASTER_KEY``    makes the users' keys; it never leaves the hub's process
``GPT_KEYS``              file in which the users' keys are kept (0600), ``keys.json`` by default
``GPT_BUDGET_USD``        what each user may spend in 30 days, 5 by default
"""

import json
import os
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient, HTTPRequest

c = get_config()  # noqa: F821

GATEWAY = os.environ["GPT_GATEWAY_URL"].rstrip("/")
KEYS = Path(os.environ.get("GPT_KEYS", "keys.json"))
BUDGET = float(os.environ.get("GPT_BUDGET_USD", "5"))


def known_keys() -> dict:
    """The keys that were made so far, by user."""
    return json.loads(KEYS.read_text()) if KEYS.exists() else {}


def keep(keys: dict) -> None:
    """Store them, for nobody else to read."""
    made = KEYS.with_suffix(".new")
    made.unlink(missing_ok=True)
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(keys, file)
    made.replace(KEYS)


async def virtual_key(user: str) -> str:
    """The user's key: the one that was made before, or a new one with a budget of its own."""
    if user not in known_keys():
        answer = await AsyncHTTPClient().fetch(
            HTTPRequest(
                f"{GATEWAY}/key/generate",
                method="POST",
                headers={
                    "Authorization": f"Bearer {os.environ['LITELLM_MASTER_KEY']}",
                    "Content-Type": "application/json",
                },
                body=json.dumps(
                    {
                        "key_alias": f"jupyter-{user}",
                        "user_id": user,
                        "max_budget": BUDGET,
                        "budget_duration": "30d",
                    }
                ),
            )
        )
        # Read anew: another user's server may have started meanwhile.
        keep({**known_keys(), user: json.loads(answer.body)["key"]})
    return known_keys()[user]


async def give_key(spawner) -> None:
    """Put the user's own key, and no other, into the environment of the user's server.

    JupyterLab GPT takes it out again when it loads, so that kernels do not inherit it.
    """
    spawner.environment["JUPYTERLAB_GPT_API_KEY"] = await virtual_key(spawner.user.name)


c.Spawner.pre_spawn_hook = give_key
c.Spawner.default_url = "/lab"
# Traits of JupyterLab GPT. `jupyter_server_config.py` of the image does as well.
c.Spawner.args = [
    f"--GPTExtension.base_url={GATEWAY}/v1",
    "--GPTExtension.model=gpt-6-luna",
    "--GPTExtension.locked=True",
    # What an estimate goes by; the gateway's own word on each call replaces it afterwards.
    "--GPTExtension.prices={'gpt-6-luna': {'input': 0.1, 'output': 0.5}}",
    f"--GPTExtension.monthly_cap_usd={BUDGET}",
]
