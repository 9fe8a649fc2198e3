"""The feed in a forum, with the real discord.py: a post a day, which has no nonce and is looked for before it is made again."""

from collections.abc import AsyncIterator, Callable

import pytest

from bot.channels.discord import Discord
from bot.domain.deliveries import Cause, OutcomeKind
from bot.domain.messages import Message, paragraph
from tests.channels.discord_feeds import NAME, Outbox, a_card, a_feed, at, opened, places, rendered
from tests.fakes.discord import FakeDiscord

FORUM = "50"
HERE = at(FORUM)
HEAD, ONE, TWO = "Three papers", "Paper 1", "Paper 2"


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        server.limits.is_on = False
        server.forum(FORUM, tags=("offers", "arXiv"))
        yield server


def posts(fake: FakeDiscord) -> list[str]:
    return [each.name for each in fake.threads_of(FORUM)]


def the_post(fake: FakeDiscord) -> str:
    (made,) = fake.threads_of(FORUM)
    return made.id


async def test_digest_is_a_post_with_its_cards_in_it(discord: Discord, fake: FakeDiscord) -> None:
    outbox = Outbox(discord, HERE)
    await outbox.deliver(rendered(a_feed(is_apart=False)))
    post = the_post(fake)
    assert places(fake) == [(f"{FORUM}/{post}", each) for each in (HEAD, ONE, TWO)]
    assert [each.thread for each in outbox.outcomes] == [post] * 3
    assert outbox.outcomes[0].platform_id == post
    assert posts(fake) == [NAME]
    assert fake.channels.at(post).applied == ()


async def test_what_has_no_name_is_called_by_its_first_line(discord: Discord, fake: FakeDiscord) -> None:
    await Outbox(discord, HERE).deliver(rendered(Message(blocks=(paragraph("*Alert*: " + "long " * 40 + "\nmore"),))))
    (name,) = posts(fake)
    assert name.startswith("*Alert*: long")
    assert len(name) <= 100


async def test_each_digest_has_a_post_of_its_own(discord: Discord, fake: FakeDiscord) -> None:
    for digest in (1, 2):
        cards = (a_card(1, digest),)
        await Outbox(discord, HERE, seed=str(digest)).deliver(rendered(a_feed(*cards)))
    assert posts(fake) == [NAME, NAME]


# Tags


@pytest.mark.parametrize("is_known", [True, False])
async def test_tag_that_is_required_is_one_for_papers(discord: Discord, fake: FakeDiscord, is_known: bool) -> None:
    if not is_known:
        await Outbox(discord, HERE, seed="b").deliver(rendered(a_feed())[:1])
    fake.requires_tag(FORUM)
    outcome = await Outbox(discord, HERE).deliver(rendered(a_feed()))
    assert outcome.kind is OutcomeKind.SENT
    post = fake.threads_of(FORUM)[-1]
    names = {tag.id: tag.name for tag in fake.channels.at(FORUM).tags}
    assert [names[tag] for tag in post.applied] == ["arXiv"]


async def test_forum_whose_tag_cannot_be_had_is_suspended_until_there_is_one(discord: Discord, fake: FakeDiscord) -> None:
    fake.forum(FORUM, requires_tag=True)
    outcomes = [await Outbox(discord, HERE).deliver(rendered(a_feed())), await discord.probe(HERE)]
    for outcome in outcomes:
        assert (outcome.kind, outcome.cause) == (OutcomeKind.SUSPEND, Cause.NO_PERMISSION)
        assert "needs a tag" in outcome.detail
    fake.forum(FORUM, tags=("any",), requires_tag=True)
    assert (await discord.probe(HERE)).kind is OutcomeKind.SENT
    assert (await Outbox(discord, HERE).deliver(rendered(a_feed()))).kind is OutcomeKind.SENT


# Once


@pytest.mark.parametrize("is_shown", [True, False])
async def test_after_a_crash_a_post_that_is_there_is_found_and_one_that_is_not_is_made(
    fake: FakeDiscord, *, is_shown: bool
) -> None:
    parts = rendered(a_feed())
    async with opened(fake) as before:
        other = rendered(a_feed(a_card(1, 9), head="Another digest of this name"))
        await Outbox(before, HERE, seed="other").deliver(other)
        if is_shown:
            await Outbox(before, HERE).deliver(parts[:1])
    async with opened(fake) as after:
        outbox = Outbox(after, HERE)
        outcome = await outbox.deliver(parts, is_repeat=True)
    assert outcome.kind is OutcomeKind.SENT
    post = fake.threads_of(FORUM)[-1].id
    assert places(fake)[-3:] == [(f"{FORUM}/{post}", each) for each in (HEAD, ONE, TWO)]
    assert posts(fake) == [NAME, NAME]
    assert outbox.outcomes[0].platform_id == post


FAULTS: dict[str, Callable[[FakeDiscord], None]] = {
    "hangs": lambda fake: fake.loses_answer(kind="post"),
    "cuts": lambda fake: fake.loses_answer(cuts=True, kind="post"),
    "page": lambda fake: fake.says("<html>Sign in</html>", accepts=True, kind="post"),
    "fails": lambda fake: fake.fails(502, accepts=True, kind="post"),
    "down": lambda fake: fake.fails(503, accepts=True, kind="post"),
}


@pytest.mark.parametrize("how", FAULTS)
async def test_post_whose_answer_is_lost_is_found_and_not_made_again(hasty: Discord, fake: FakeDiscord, how: str) -> None:
    FAULTS[how](fake)
    outbox = Outbox(hasty, HERE)
    outcome = await outbox.deliver(rendered(a_feed()))
    assert outcome.kind is OutcomeKind.SENT
    post = the_post(fake)
    assert places(fake) == [(f"{FORUM}/{post}", each) for each in (HEAD, ONE, TWO)]
    assert outbox.outcomes[0].kind is (OutcomeKind.AGAIN if how in ("fails", "down") else OutcomeKind.UNSURE)


async def test_post_that_never_arrived_but_may_have_stays_in_doubt(hasty: Discord, fake: FakeDiscord) -> None:
    fake.drops(kind="post")
    outbox = Outbox(hasty, HERE)
    outcome = await outbox.deliver(rendered(a_feed()))
    assert {each.kind for each in outbox.outcomes} == {OutcomeKind.UNSURE}
    assert outcome.cause is Cause.NO_ANSWER
    assert fake.posts == 0


async def test_post_in_doubt_is_found_as_soon_as_the_list_shows_it(hasty: Discord, fake: FakeDiscord) -> None:
    fake.hides_posts(FORUM, requests=2)
    fake.loses_answer(kind="post")
    outbox = Outbox(hasty, HERE)
    await outbox.deliver(rendered(a_feed()))
    assert [each.kind for each in outbox.outcomes[:4]] == [OutcomeKind.UNSURE] * 3 + [OutcomeKind.SENT]
    assert fake.posts == 1


async def test_what_comes_behind_a_post_in_doubt_has_a_post_of_its_own(discord: Discord, fake: FakeDiscord) -> None:
    _, *cards = rendered(a_feed())
    await Outbox(discord, HERE).deliver(cards)
    post = the_post(fake)
    assert places(fake) == [(f"{FORUM}/{post}", ONE), (f"{FORUM}/{post}", TWO)]


async def test_answers_lost_while_it_is_looked_for_leave_no_doubt(hasty: Discord, fake: FakeDiscord) -> None:
    (part,) = rendered(a_feed())[:1]
    await Outbox(hasty, HERE).one(part)
    for kind in ("active", "look"):
        fake.hangs(kind=kind)
        outbox = Outbox(hasty, HERE)
        await outbox.one(part, is_repeat=True)
        assert [each.kind for each in outbox.outcomes] == [OutcomeKind.AGAIN, OutcomeKind.SENT]
    assert fake.posts == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 524])
async def test_failing_server_is_not_asked_twice_in_one_call(discord: Discord, fake: FakeDiscord, status: int) -> None:
    fake.fails(status, kind="post", accepts=True)
    outbox = Outbox(discord, HERE, tries=1)
    outcome = await outbox.deliver(rendered(a_feed()))
    assert (outcome.kind, outcome.cause) == (OutcomeKind.AGAIN, Cause.PLATFORM_DOWN)
    assert fake.posts == 1


# Rights


async def test_post_that_is_closed_meanwhile_does_not_close_the_forum(discord: Discord, fake: FakeDiscord) -> None:
    head, one, two = rendered(a_feed())
    outbox = Outbox(discord, HERE)
    await outbox.deliver([head, one])
    fake.locks(the_post(fake))
    await outbox.deliver([two])
    assert len(posts(fake)) == 2
    assert places(fake)[-1] == (f"{FORUM}/{fake.threads_of(FORUM)[-1].id}", TWO)


async def test_forum_in_which_the_bot_may_not_write_is_suspended(discord: Discord, fake: FakeDiscord) -> None:
    fake.takes_rights(FORUM)
    for outcome in (await Outbox(discord, HERE).deliver(rendered(a_feed())), await discord.probe(HERE)):
        assert (outcome.kind, outcome.cause) == (OutcomeKind.SUSPEND, Cause.NO_PERMISSION)


async def test_card_that_begins_a_post_without_the_right_to_embed_is_text(discord: Discord, fake: FakeDiscord) -> None:
    fake.takes_embed_rights(FORUM)
    long = a_card(1, blocks=(paragraph("A sentence of it. " * 200),))
    await Outbox(discord, HERE).deliver(rendered(a_feed(long))[1:])
    assert len(fake.messages) == 2
    assert {each.channel for each in fake.messages} == {the_post(fake)}
    assert [bool(each.buttons) for each in fake.messages] == [False, True]


async def test_text_channel_that_became_a_forum_gets_posts(discord: Discord, fake: FakeDiscord) -> None:
    fake.text_channel("60")
    await Outbox(discord, at("60"), seed="x").deliver(rendered(a_feed())[:1])
    fake.forum("60")
    await Outbox(discord, at("60")).deliver(rendered(a_feed()))
    assert [each.name for each in fake.threads_of("60")] == [NAME]
