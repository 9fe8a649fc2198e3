from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain.dialects import AnswerForm, Dialect, TokenLimit
from bot.storage import dialects
from bot.storage.store import Store
from bot.storage.tables import dialects as table
from tests.storage.rows import stored

NOW = datetime(2026, 6, 2, 15, 0, tzinfo=UTC)
URL = "https://models.example/v1"


async def test_every_dialect_comes_back_as_it_was_learnt(store: Store) -> None:
    async with store.write() as tx:
        for form, limit, takes, context in product(AnswerForm, TokenLimit, (True, False), (None, 8_192)):
            learnt = Dialect(form=form, limit=limit, takes_temperature=takes, context_tokens=context)
            await dialects.remember(tx, URL, "example-model", learnt, NOW)
            assert await dialects.recall(tx, URL, "example-model") == learnt
    assert len(await stored(store, table)) == 1


async def test_each_model_at_each_address_has_its_own(store: Store) -> None:
    learnt = Dialect(form=AnswerForm.TEXT)
    async with store.write() as tx:
        await dialects.remember(tx, URL, "example-model", learnt, NOW)
        assert await dialects.recall(tx, URL, "another-model") is None
        assert await dialects.recall(tx, "https://models.example/v2", "example-model") is None
        assert await dialects.recall(tx, "http://models.example/v1", "example-model") is None
        assert await dialects.recall(tx, URL + "/", "example-model") == learnt


@pytest.mark.parametrize(
    "secret", ["https://me:hunter2@models.example/v1", "https://models.example/v1?key=hunter2", "https://hunter2]@[/"]
)
async def test_no_secret_of_an_address_is_stored(store: Store, secret: str) -> None:
    async with store.write() as tx:
        await dialects.remember(tx, secret, "example-model", Dialect(), NOW)
        assert await dialects.recall(tx, secret, "example-model") == Dialect()
    assert "hunter2" not in str(await stored(store, table))
