"""Providers and their keys: a key goes in and never comes back."""

from __future__ import annotations

from .base import GPTHandler, secured


class ProvidersHandler(GPTHandler):
    """`providers`."""

    @secured("read")
    async def get(self) -> None:
        """List the owner's providers."""
        self.reply(await self.services.registry.infos(self.owner))

    @secured("write")
    async def post(self) -> None:
        """Make a provider; without an id one is made from its name."""
        patch = await self.parse("ProviderPatch")
        changes = patch.model_dump(exclude_unset=True, exclude={"id"})
        info = await self.services.registry.put(self.owner, patch.id, changes, create=True)
        self.services.defaults.forget(self.owner)
        self.reply(info, 201)


class ProviderHandler(GPTHandler):
    """`providers/{id}`."""

    @secured("write")
    async def patch(self, provider: str) -> None:
        """Change name, URL or headers."""
        name = self.provider_id(provider)
        patch = await self.parse("ProviderPatch")
        changes = patch.model_dump(exclude_unset=True, exclude={"id"})
        info = await self.services.registry.put(self.owner, name, changes)
        self.services.defaults.forget(self.owner)
        self.reply(info)

    @secured("write")
    async def delete(self, provider: str) -> None:
        """Forget a provider and its key."""
        await self.services.registry.remove(self.owner, self.provider_id(provider))
        self.services.defaults.forget(self.owner)
        self.reply_nothing()


class KeyHandler(GPTHandler):
    """`providers/{id}/key`."""

    @secured("write")
    async def put(self, provider: str) -> None:
        """Save a key, cleaned; what comes back is what may be known of it."""
        name = self.provider_id(provider)
        body = await self.parse("KeyPut")
        await self.services.registry.set_key(self.owner, name, body.key)
        await self._reply_key(name)

    @secured("write")
    async def delete(self, provider: str) -> None:
        """Forget the saved key."""
        name = self.provider_id(provider)
        await self.services.registry.delete_key(self.owner, name)
        await self._reply_key(name)

    async def _reply_key(self, name: str) -> None:
        self.services.defaults.forget(self.owner)
        infos = await self.services.registry.infos(self.owner)
        self.reply(next(info["key"] for info in infos if info["id"] == name))


class CheckHandler(GPTHandler):
    """`providers/{id}/check`."""

    @secured("write")
    async def post(self, provider: str) -> None:
        """Make the free call with what is given, else with what is saved; save nothing."""
        name = self.provider_id(provider)
        body = await self.parse("CheckRequest")
        self.reply(
            await self.services.registry.check(
                self.owner, name, key=body.key, base_url=body.base_url, headers=body.headers
            )
        )
