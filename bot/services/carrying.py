"""`/export` and `/import` of settings: what somebody set up here, as a file, and such a file in the place of what is set."""

import asyncio
from collections.abc import Callable

from bot.domain.portable import decoded, encoded
from bot.domain.portable_values import Rules
from bot.domain.subscriptions import Address, Subscription
from bot.services.subscribing import MAX_LIMIT, MAX_TERMS, Subscribing


class Carrying:
    """Settings out and in. `language_code` is as in `bot.words.languages`."""

    def __init__(self, *, subscribing: Subscribing, styles: tuple[str, ...], language_code: Callable[[str], str]) -> None:
        self._subscribing, self._styles, self._language_code = subscribing, styles, language_code

    async def exported(self, address: Address) -> bytes:
        """The settings of this address as JSON, without any id of a platform. Raises NotSubscribed."""
        return encoded(await self._subscribing.require(address))

    async def imported(
        self, address: Address, name: str, content: bytes, *, language: str, sources: tuple[str, ...]
    ) -> Subscription:
        """Put the settings of the file `name` in the place of those that are there; what it does not name stays as it is.

        Without a subscription one begins, in `language` unless the file names another. `sources` are those that there are.
        Safe to repeat. Raises UnfitFile, and then nothing is changed.
        """
        rules = Rules(
            sources=sources,
            styles=self._styles,
            language_code=self._language_code,
            max_terms=MAX_TERMS,
            max_limit=MAX_LIMIT,
        )
        change = await asyncio.to_thread(decoded, name, content, rules)
        return await self._subscribing.put_settings(address, change.onto, language=language)
