"""Which providers there are, for whom, with which key; and one client for each of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ..config import Limits
from ..errors import Conflict, GPTError, InvalidRequest, NotFound, StorageError
from ..secrets import KeyStore, clean_key
from ..store import providers as stored
from .base import Provider
from .builtin import LOCAL, BuiltinModel, BuiltinProvider
from .catalog import OPENAI_DEFAULT
from .clients import Clients
from .faults import as_info
from .openai import OpenAIProvider
from .settings import (
    DEFAULT,
    RegistryConfig,
    Setting,
    check_id,
    new_id,
    patched,
    settings_of,
    tried,
)
from .urls import is_openai

if TYPE_CHECKING:
    from ..store.database import Database

__all__ = ["DEFAULT", "LOCAL", "ProviderRegistry", "RegistryConfig"]

# Providers of one user; each is asked for its models.
_MAX_PROVIDERS = 32

_NO_KEY = {"set": False, "last4": None, "source": None}


class ProviderRegistry:
    """The providers of all users of this server."""

    def __init__(
        self,
        *,
        db: Database,
        keys: KeyStore,
        config: RegistryConfig,
        limits: Limits,
        local: BuiltinModel,
    ) -> None:
        self._db = db
        self._keys = keys
        self._config = config
        self._limits = limits
        self._local = local
        self._builtin = BuiltinProvider(local, limits)
        self._clients = Clients(config, limits, db)
        self._rows: dict[str, list[dict[str, Any]]] = {}

    # ------------------------------------------------ settings

    async def infos(self, owner: str) -> list[dict[str, Any]]:
        """Describe all providers, as `protocol.ProviderInfo`."""
        found = [await self._info(owner, s) for s in (await self._settings(owner)).values()]
        if self._config.local_enabled:
            found.append(self._local_info())
        return found

    async def put(
        self, owner: str, provider_id: str | None, patch: dict[str, Any], *, create: bool = False
    ) -> dict[str, Any]:
        """Change a provider, or make one; returns its `protocol.ProviderInfo`.

        Raises
        ------
        Forbidden, InvalidRequest, NotFound, Conflict
        """
        self._config.check_unlocked()
        rows = {row["id"]: row for row in await self._read(owner)}
        if provider_id is None:
            provider_id = new_id(patch, rows)
        check_id(provider_id)
        exists = provider_id in rows or provider_id == DEFAULT
        if create and exists:
            raise Conflict("A provider with this id exists", detail={"id": provider_id})
        if not create and not exists:
            raise _unknown(provider_id)
        if create and len(rows) >= _MAX_PROVIDERS:
            raise InvalidRequest(
                f"At most {_MAX_PROVIDERS} providers", detail={"limit": _MAX_PROVIDERS}
            )
        row = patched(rows.get(provider_id), provider_id, patch, self._config)
        await self._db.write(lambda conn: stored.put_provider(conn, owner, row))
        self._rows.pop(owner, None)
        return await self._info(owner, (await self._settings(owner))[provider_id])

    async def remove(self, owner: str, provider_id: str) -> None:
        """Forget a provider and its key; `default` goes back to the traits."""
        self._config.check_unlocked()
        check_id(provider_id)
        try:
            await self._db.write(lambda conn: stored.delete_provider(conn, owner, provider_id))
        except NotFound:
            if provider_id != DEFAULT:
                raise
        self._rows.pop(owner, None)
        await asyncio.to_thread(self._keys.delete, owner, provider_id)
        await self._clients.forget(owner, provider_id)

    async def set_key(self, owner: str, provider_id: str, key: str) -> dict[str, Any]:
        """Save a key for the provider's present host; an empty one deletes it."""
        self._config.check_unlocked()
        setting = await self._setting(owner, provider_id)
        clean = clean_key(key)
        if clean:
            await asyncio.to_thread(self._keys.set, owner, provider_id, setting.host, clean)
        else:
            await asyncio.to_thread(self._keys.delete, owner, provider_id)
        return await asyncio.to_thread(self._keys.info, owner, provider_id, setting.host)

    async def delete_key(self, owner: str, provider_id: str) -> dict[str, Any]:
        """Forget a saved key."""
        return await self.set_key(owner, provider_id, "")

    # ------------------------------------------------ asking

    async def get(self, owner: str, provider_id: str) -> Provider:
        """Find a provider, ready to be asked.

        Raises
        ------
        NotFound
            unknown_provider.
        Forbidden
            base_url_not_allowed: the policy has changed since it was stored.
        """
        if provider_id == LOCAL and self._config.local_enabled:
            return self._builtin
        setting = await self._setting(owner, provider_id)
        key = await asyncio.to_thread(self._keys.get, owner, provider_id, setting.host)
        return await self._clients.get(owner, setting, key)

    async def check(
        self,
        owner: str,
        provider_id: str,
        *,
        key: str | None = None,
        base_url: str | None = None,
        headers: dict[str, str | None] | None = None,
    ) -> dict[str, Any]:
        """Try the free call with what is given, else with what is saved; saves nothing.

        A saved key is never used with a given base URL of another host: the key store
        does not know it there. Neither are saved headers.
        """
        if key is not None or base_url is not None or headers is not None:
            self._config.check_unlocked()
        clean = None if key is None else clean_key(key)
        if provider_id == LOCAL and self._config.local_enabled:
            return await _checked(self._builtin)
        setting = await self._setting(owner, provider_id)
        if base_url is not None or headers:
            setting = tried(setting, base_url, headers, self._config)
        if clean is None:
            clean = await asyncio.to_thread(self._keys.get, owner, provider_id, setting.host)
        provider = self._clients.make(setting, clean or None)
        try:
            return await _checked(provider)
        finally:
            await provider.close()

    async def models(self, owner: str, *, refresh: bool = False) -> dict[str, Any]:
        """List the models of all providers, as `protocol.ModelList`.

        A provider that does not answer within three seconds stands in `errors`.
        """
        settings = await self._settings(owner)
        ids = [*settings, *([LOCAL] if self._config.local_enabled else [])]
        results = await asyncio.gather(
            *(self._models_of(owner, one, refresh) for one in ids),
            return_exceptions=True,
        )
        models: list[dict[str, Any]] = []
        errors: dict[str, Any] = {}
        for one, result in zip(ids, results, strict=True):
            if isinstance(result, GPTError):
                errors[one] = as_info(result)
            elif isinstance(result, BaseException):
                raise result
            else:
                models += [m for m in result if self._config.allows_model(m["id"])]
        names = {one: setting.name for one, setting in settings.items()}
        return {"models": models, "errors": errors, "names": names}

    async def default_model(self, owner: str, provider_id: str) -> str:
        """Choose a model where the user has chosen none.

        Raises
        ------
        GPTError
            no_model: the endpoint lists none that chats; or why it could not be asked.
        """
        allows = self._config.allows_model
        if provider_id != LOCAL:
            setting = await self._setting(owner, provider_id)
            usual = OPENAI_DEFAULT if is_openai(setting.base_url) else None
            for model in (setting.model, usual):
                if model and allows(model):
                    return model
        for info in await self._models_of(owner, provider_id):
            if allows(info["id"]):
                return str(info["id"])
        raise GPTError(
            "No model is chosen, and the provider lists none",
            code="no_model",
            detail={"provider": provider_id, "setting": "model"},
        )

    async def context_length(self, owner: str, provider_id: str, model: str) -> int | None:
        """Tokens of a model by the last list that its endpoint gave; nothing is asked."""
        return self._clients.context_length(owner, provider_id, model)

    async def close(self) -> None:
        """Close all connections."""
        await asyncio.gather(self._builtin.close(), self._clients.close())

    # ------------------------------------------------ within

    async def _read(self, owner: str) -> list[dict[str, Any]]:
        """Read the rows; the last ones known where the disk does not answer."""
        try:
            rows = await self._db.read(lambda conn: stored.list_providers(conn, owner))
        except StorageError:
            if owner in self._rows:
                return self._rows[owner]
            raise
        self._rows[owner] = rows
        return rows

    async def _settings(self, owner: str) -> dict[str, Setting]:
        rows = [] if self._config.locked else await self._read(owner)
        return settings_of(rows, self._config)

    async def _setting(self, owner: str, provider_id: str) -> Setting:
        if provider_id == LOCAL:
            check_id(provider_id)
        setting = (await self._settings(owner)).get(provider_id)
        if setting is None:
            raise _unknown(provider_id)
        return setting

    async def _models_of(
        self, owner: str, provider_id: str, refresh: bool = False
    ) -> list[dict[str, Any]]:
        provider = await self.get(owner, provider_id)
        if isinstance(provider, OpenAIProvider):
            return await self._clients.models(owner, provider, refresh=refresh)
        return await provider.models()

    async def _info(self, owner: str, setting: Setting) -> dict[str, Any]:
        return {
            "id": setting.id,
            "name": setting.name,
            "base_url": setting.base_url,
            "headers": sorted(setting.headers),
            "key": await asyncio.to_thread(self._keys.info, owner, setting.id, setting.host),
            "model": setting.model,
            "local": False,
            "locked": self._config.locked,
        }

    def _local_info(self) -> dict[str, Any]:
        return {
            "id": LOCAL,
            "name": "Built-in model",
            "base_url": "",
            "headers": [],
            "key": dict(_NO_KEY),
            "model": self._local.state()["model"],
            "local": True,
            "locked": self._config.locked,
        }


async def _checked(provider: Provider) -> dict[str, Any]:
    try:
        return {"ok": True, "models": await provider.check(), "error": None}
    except GPTError as error:
        return {"ok": False, "models": None, "error": as_info(error)}


def _unknown(provider_id: str) -> NotFound:
    return NotFound(
        "No such provider", code="unknown_provider", detail={"provider": provider_id[:64]}
    )
