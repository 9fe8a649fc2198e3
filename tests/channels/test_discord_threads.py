"""The feed in a text channel, with the real discord.py: a head, its thread, and the cards in it, whatever befalls them."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from bot.channels.discord import Discord
from bot.domain.deliveries import Cause, OutcomeKind, Past
from bot.domain.messages import paragraph
from tests.channels.discord_feeds import NAME, Outbox, a_card, a_feed, at, opened, places, rendered
from tests.fakes.discord import Asked, FakeDiscord
from tests.fakes.discord_reader import seen

HERE = at("42")
HEAD, ONE, TWO = "Three papers", "Paper 1", "Paper 2"


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        server.limits.is_on = False
        yield server


def thread_of(fake: FakeDiscord, channel: str = "42") -> str:
    (made,) = fake.threads_of(channel)
    return made.id


def count(fake: FakeDiscord, kind: str) -> int:
    return sum(each.kind == kind for each in fake.requests)


async def test_cards_stand_in_a_thread_below_the_head(discord: Discord, fake: FakeDiscord) -> None:
    outbox = Outbox(discord, HERE)
    await outbox.deliver(rendered(a_feed()))
    thread = thread_of(fake)
    assert places(fake) == [("42", HEAD), (f"42/{thread}", ONE), (f"42/{thread}", TWO)]
    assert [(each.thread, each.detail) for each in outbox.outcomes] == [("", ""), (thread, ""), (thread, "")]
    assert (fake.channels.at(thread).name, fake.channels.at(thread).archive_after) == (NAME, 1440)
    assert (count(fake, "thread"), count(fake, "channel")) == (1, 1)
    card = fake.messages[1]
    assert [each["custom_id"] for each in card.buttons] == ["1dx:1.1", "1dv:1.1.1"]
    assert card.flags == 0, "embeds are not hidden"


@pytest.mark.parametrize("kind", ["no thread", "direct", "thread"])
async def test_cards_stand_right_there_where_no_thread_is_wanted_or_can_be(
    discord: Discord, fake: FakeDiscord, kind: str
) -> None:
    fake.user("7", "Ann")
    fake.thread("77", "42")
    address = {"no thread": HERE, "direct": at("@7"), "thread": at("42", "77")}[kind]
    await Outbox(discord, address).deliver(rendered(a_feed(is_apart=kind != "no thread")))
    where = {"no thread": "42", "direct": fake.direct("7"), "thread": "42/77"}[kind]
    assert places(fake) == [(where, HEAD), (where, ONE), (where, TWO)]
    assert count(fake, "thread") == 0


async def test_direct_channel_is_asked_for_once_and_a_closed_one_is_suspended(discord: Discord, fake: FakeDiscord) -> None:
    fake.user("7", "Ann")
    await Outbox(discord, at("@7")).deliver(rendered(a_feed()))
    assert count(fake, "dm") == 1
    fake.closes_direct_messages(fake.direct("7"))
    outcome = await Outbox(discord, at("@7"), seed="b").deliver(rendered(a_feed()))
    assert (outcome.kind, outcome.cause) == (OutcomeKind.SUSPEND, Cause.NO_DIRECT_MESSAGES)
    assert (await discord.probe(at("@7"))).cause is Cause.NO_DIRECT_MESSAGES


async def test_crash_between_thread_and_cards_goes_on_in_the_same_thread(fake: FakeDiscord) -> None:
    head, *cards = rendered(a_feed())
    async with opened(fake) as before:
        first = Outbox(before, HERE)
        await first.deliver([head])
        fake.refuses(400, 0, "the process is dead", channel=first.sent[0][1].platform_id)
        await first.deliver(cards[:1])
    async with opened(fake) as after:
        await Outbox(after, HERE, sent=first.sent).deliver(cards, is_repeat=True)
    thread = thread_of(fake)
    assert places(fake) == [("42", HEAD), (f"42/{thread}", ONE), (f"42/{thread}", TWO)]
    assert count(fake, "thread") == 2


@pytest.mark.parametrize("kind", ["message", "thread", "channel"])
@pytest.mark.parametrize("how", ["hangs", "cuts", "drops", "garbage", "fails", "page"])
@pytest.mark.parametrize("place", [0, 1, 2])
async def test_whatever_answer_is_lost_everything_is_seen_once(
    hasty: Discord, fake: FakeDiscord, kind: str, how: str, place: int
) -> None:
    faults: dict[str, Callable[[], None]] = {
        "hangs": lambda: fake.loses_answer(kind=kind),
        "cuts": lambda: fake.loses_answer(cuts=True, kind=kind),
        "drops": lambda: fake.drops(kind=kind),
        "garbage": lambda: fake.says({"ok": True}, accepts=True, kind=kind),
        "fails": lambda: fake.fails(502, accepts=True, kind=kind),
        "page": lambda: fake.says("<html>Sign in</html>", accepts=True, kind=kind),
    }
    parts = rendered(a_feed())
    outbox = Outbox(hasty, HERE)
    await outbox.deliver(parts[:place])
    faults[how]()
    outcome = await outbox.deliver(parts[place:])
    thread = thread_of(fake)
    assert outcome.kind is OutcomeKind.SENT
    assert places(fake) == [("42", HEAD), (f"42/{thread}", ONE), (f"42/{thread}", TWO)]
    doubts = [each for each in outbox.outcomes if each.kind is OutcomeKind.UNSURE]
    assert not doubts or kind == "message", "what shows nothing leaves nothing in doubt"


@pytest.mark.parametrize(
    "verb",
    [
        lambda fake: fake.takes_thread_rights("42"),
        lambda fake: fake.fills_threads("42"),
        lambda fake: fake.takes_rights_in_threads("42"),
        lambda fake: fake.refuses(400, 50024, "Cannot execute action on this channel type", kind="thread", times=9),
        lambda fake: fake.refuses(400, 50035, "Invalid Form Body", kind="thread", times=9),
    ],
    ids=["no right", "too many", "no words in threads", "other kind", "bad name"],
)
async def test_where_no_thread_can_be_had_cards_stand_in_the_channel(
    discord: Discord, fake: FakeDiscord, verb: Callable[[FakeDiscord], None]
) -> None:
    verb(fake)
    outbox = Outbox(discord, HERE)
    outcome = await outbox.deliver(rendered(a_feed()))
    assert places(fake) == [("42", HEAD), ("42", ONE), ("42", TWO)]
    assert outcome.thread == ""
    assert "thread" in outcome.detail
    assert fake.invalid <= 2, "it is not asked again for each card"


async def test_where_the_head_is_not_known_or_is_deleted_cards_stand_in_the_channel(discord: Discord, fake: FakeDiscord) -> None:
    head, *cards = rendered(a_feed())
    await Outbox(discord, HERE).deliver(cards[:1])
    outbox = Outbox(discord, HERE, seed="b")
    await outbox.deliver([head])
    fake.messages[-1].is_deleted = True
    await outbox.deliver(cards)
    assert places(fake) == [("42", ONE), ("42", ONE), ("42", TWO)]


@pytest.mark.parametrize("verb", ["deletes_thread", "locks"])
@pytest.mark.parametrize("is_known", [True, False])
async def test_thread_that_is_closed_meanwhile_closes_no_channel(
    discord: Discord, fake: FakeDiscord, verb: str, is_known: bool
) -> None:
    head, one, two = rendered(a_feed())
    outbox = Outbox(discord, HERE)
    await outbox.deliver([head, one])
    thread = thread_of(fake)
    getattr(fake, verb)(thread)
    if not is_known:
        outbox.sent = outbox.sent[:1]  # as after a crash: the thread is made of the head again, and is there
    outcome = await outbox.one(two)
    assert outcome.kind is OutcomeKind.SENT
    is_anew = verb == "deletes_thread" and not is_known  # a thread that was deleted can be made once more
    assert places(fake)[-1] == (f"42/{thread}" if is_anew else "42", TWO)


async def test_archived_thread_is_taken_out_of_the_archive(discord: Discord, fake: FakeDiscord) -> None:
    head, one, two = rendered(a_feed())
    outbox = Outbox(discord, HERE)
    await outbox.deliver([head, one])
    fake.archives(thread_of(fake))
    assert (await outbox.one(two)).kind is OutcomeKind.SENT
    assert places(fake)[-1] == (f"42/{thread_of(fake)}", TWO)


@pytest.mark.parametrize(("verb", "cause"), [("locks", Cause.TOPIC_CLOSED), ("deletes_thread", Cause.TOPIC_GONE)])
async def test_thread_of_a_subscription_is_suspended_by_itself(
    discord: Discord, fake: FakeDiscord, verb: str, cause: Cause
) -> None:
    fake.thread("77", "42")
    getattr(fake, verb)("77")
    outcome = await Outbox(discord, at("42", "77")).deliver(rendered(a_feed()))
    assert (outcome.kind, outcome.cause) == (OutcomeKind.SUSPEND, cause)
    assert fake.messages == []


async def test_channel_that_is_gone_meanwhile_is_gone(discord: Discord, fake: FakeDiscord) -> None:
    head, *cards = rendered(a_feed())
    outbox = Outbox(discord, HERE)
    await outbox.deliver([head])
    fake.deletes_channel("42")
    outcome = await outbox.deliver(cards)
    assert (outcome.kind, outcome.cause) == (OutcomeKind.SUSPEND, Cause.CHANNEL_GONE)


async def test_without_the_right_to_embed_cards_come_as_text_with_their_buttons(discord: Discord, fake: FakeDiscord) -> None:
    fake.takes_embed_rights("42")
    outbox = Outbox(discord, HERE)
    await outbox.deliver(rendered(a_feed(a_card(1), a_card(2), a_card(3))))
    thread = thread_of(fake)
    assert [where for where, _ in places(fake)] == ["42", *[f"42/{thread}"] * 3]
    assert all("What paper" in each.content and each.buttons for each in fake.messages[1:])
    assert "may not embed" in outbox.outcomes[-1].detail
    assert fake.answers[403] == 1, "it is remembered for a while"


async def test_long_card_as_text_comes_once_though_an_answer_in_between_is_lost(hasty: Discord, fake: FakeDiscord) -> None:
    fake.takes_embed_rights("42")
    sentences = [f"Sentence {n} of it." for n in range(180)]
    outbox = Outbox(hasty, HERE)
    head, card = rendered(a_feed(a_card(1, blocks=(paragraph(" ".join(sentences)),))))
    await outbox.deliver([head])

    async def lost(moment: str, asked: Asked) -> None:
        if moment == "accepted" and asked.nonce == "2-a":
            fake.on_send = None
            fake.loses_answer()  # of the next one

    fake.on_send = lost
    assert (await outbox.one(card)).kind is OutcomeKind.SENT
    whole = " ".join(seen(each.content) for each in fake.messages[1:])
    assert all(whole.count(each) == 1 for each in sentences)
    assert [bool(each.buttons) for each in fake.messages[1:]] == [False] * (len(fake.messages) - 2) + [True]
    assert fake.repeats_stopped == 2


async def test_where_nothing_may_be_said_at_all_it_is_suspended(discord: Discord, fake: FakeDiscord) -> None:
    head, *cards = rendered(a_feed())
    outbox = Outbox(discord, HERE)
    await outbox.deliver([head])
    fake.takes_rights("42")
    fake.takes_rights_in_threads("42")
    outcome = await outbox.deliver(cards)
    assert (outcome.kind, outcome.cause) == (OutcomeKind.SUSPEND, Cause.NO_PERMISSION)


async def test_refused_embed_comes_in_plain_words(discord: Discord, fake: FakeDiscord) -> None:
    head, *cards = rendered(a_feed())
    outbox = Outbox(discord, HERE)
    await outbox.deliver([head])
    fake.refuses(400, 50035, "Invalid Form Body")
    await outbox.deliver(cards)
    assert [each.kind for each in outbox.outcomes[1:3]] == [OutcomeKind.PLAIN, OutcomeKind.SENT]
    assert [title for _, title in places(fake)] == [HEAD, ONE, TWO]
    assert "url" not in fake.messages[1].embeds[0]


async def test_too_many_refusals_hold_broadcasts_and_no_answers(discord: Discord, fake: FakeDiscord) -> None:
    fake.refuses(403, 59999, "No", times=4999)
    (part,) = rendered(a_feed())[:1]
    for _ in range(4999):
        await discord.send(HERE, part, key="1-a")
    assert discord.ready_in(HERE) == 0.0
    fake.throttles(0.01, scope="shared")
    assert (await discord.send(HERE, part, key="1-a")).kind is OutcomeKind.SENT, "what others use up is not ours"
    fake.refuses(403, 59999, "No")
    await discord.send(HERE, part, key="2-a")
    held = await discord.send(HERE, part, key="3-a")
    assert (held.kind, held.cause) == (OutcomeKind.WAIT, Cause.THROTTLED)
    assert 0 < held.after_s <= 600
    assert discord.ready_in(at("77")) > 0
    assert (await discord.send(HERE, part, key="4-a", is_answer=True)).kind is OutcomeKind.SENT


async def test_part_of_an_earlier_release_is_sent_as_it_was(discord: Discord, fake: FakeDiscord) -> None:
    part = replace(rendered(a_feed())[0], payload='{"content": "**A**", "silent": true}', number=2)
    assert (await discord.send(HERE, part, key="1-a", past=Past(head="9", thread=""))).kind is OutcomeKind.SENT
    assert (places(fake), fake.messages[0].flags) == ([("42", "A")], 4 | 4096)
    assert count(fake, "thread") == 0


async def test_who_the_bot_is_is_known_once_it_is_open(discord: Discord, fake: FakeDiscord) -> None:
    assert (discord.bot_id, discord.application_id) == ("108", 108)
