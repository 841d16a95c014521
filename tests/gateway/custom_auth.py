"""Two users without a database: what LiteLLM's `custom_auth` asks of a request's key."""

from litellm.proxy._types import ProxyException, UserAPIKeyAuth

KEYS = {"sk-canary-ada-0123456789": "ada", "sk-canary-bob-0123456789": "bob"}


async def user_api_key_auth(request, api_key: str) -> UserAPIKeyAuth:
    """Name whose key it is; anything else is refused."""
    if api_key not in KEYS:
        raise ProxyException("This key is unknown.", "auth_error", "key", 401)
    return UserAPIKeyAuth(api_key=api_key, user_id=KEYS[api_key])
