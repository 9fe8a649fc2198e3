"""The real discord.py against the fake Discord: what is sent, and what each answer or silence means."""

import logging
from collections.abc import AsyncIterator

import pytest

from bot import guard
from bot.channels.discord import Discord
from bot.domain.deliveries import Cause, Outcome, OutcomeKind
from bot.domain.messages import Button, Item, Message, paragraph
from bot.domain.subscriptions import Address
from bot.errors import PlatformUnreachable, TokenRefused
from bot.ports import Part
from tests.channels.discord_feeds import Told
from tests.fakes.discord import TOKEN, FakeDiscord

HERE = Address(platform="discord", chat="42")
THREAD = Address(platform="discord", chat="42", thread="43")


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server


@pytest.fixture
def pace() -> Told:
    return Told()


@pytest.fixture
async def discord(fake: FakeDiscord, pace: Told) -> AsyncIterator[Discord]:
    channel = Discord(TOKEN, fake.url, pace=pace)
    await channel.open()
    yield channel
    await channel.close()


@pytest.fixture
async def hasty(fake: FakeDiscord, pace: Told) -> AsyncIterator[Discord]:
    """One that waits for no answer longer than it takes here."""
    channel = Discord(TOKEN, fake.url, pace=pace, timeout_s=0.5)
    await channel.open()
    yield channel
    await channel.close()


def a_part(text: str = "A paper") -> Part:
    (part,) = Discord("", "", pace=Told()).render(Message(blocks=(paragraph(text),)))
    return part


async def sent(channel: Discord, address: Address = HERE, *, key: str = "1-a", text: str = "A paper") -> Outcome:
    return await channel.send(address, a_part(text), key=key)


async def test_part_arrives_under_its_nonce_and_mentions_and_unfolds_nothing(discord: Discord, fake: FakeDiscord) -> None:
    outcome = await sent(discord, text="@everyone: https://x.org")
    assert (outcome.kind, outcome.platform_id) == (OutcomeKind.SENT, fake.messages[0].id)
    (request,) = (each for each in fake.requests if each.kind == "message")
    assert (request.channel, request.body["content"]) == ("42", "\\@everyone\\: https\\://x.org")
    assert (request.body["nonce"], request.body["enforce_nonce"], request.body["flags"]) == ("1-a", True, 4)
    assert request.body["allowed_mentions"] == {"parse": []}


@pytest.mark.parametrize("is_plain", [False, True])
async def test_silent_part_comes_without_a_sound_and_with_its_buttons_unless_it_is_plain(
    discord: Discord, fake: FakeDiscord, *, is_plain: bool
) -> None:
    paper = Item(blocks=(paragraph("A paper"),), number=1, button=Button(label="1", action="1dp:1.1"))
    (part,) = discord.render(Message(blocks=(paper,), is_silent=True))
    await discord.send(HERE, part, key="1-a", is_plain=is_plain)
    (request,) = (each for each in fake.requests if each.kind == "message")
    assert (fake.texts(), request.body["flags"]) == (["A paper"], 4 | 4096)
    assert [each["custom_id"] for each in fake.messages[0].buttons] == ([] if is_plain else ["1dp:1.1"])


async def test_part_for_a_thread_goes_to_the_thread(discord: Discord, fake: FakeDiscord) -> None:
    outcome = await sent(discord, THREAD)
    assert (outcome.thread, fake.messages[0].channel) == ("43", "43")


async def test_plain_part_has_no_markup(discord: Discord, fake: FakeDiscord) -> None:
    part = Part(number=1, payload='{"content": "**A** [\\\\*b\\\\*](<https://x.org>)"}')
    await discord.send(HERE, part, key="1-a", is_plain=True)
    assert fake.texts() == ["A \\*b\\* <https://x.org>"]


async def test_part_sent_again_under_its_nonce_is_shown_once(hasty: Discord, fake: FakeDiscord) -> None:
    fake.loses_answer()
    first = await sent(hasty)
    again = await sent(hasty)
    assert (first.kind, first.cause) == (OutcomeKind.UNSURE, Cause.NO_ANSWER)
    assert (again.kind, again.platform_id) == (OutcomeKind.SENT, fake.messages[0].id)
    assert (len(fake.messages), fake.repeats_stopped) == (1, 1)


@pytest.mark.parametrize(
    ("verb", "cause"),
    [
        (lambda fake: fake.deletes_channel("42"), Cause.CHANNEL_GONE),
        (lambda fake: fake.removes_guild(), Cause.SERVER_GONE),
        (lambda fake: fake.takes_rights("42"), Cause.NO_PERMISSION),
        (lambda fake: fake.takes_rights("42", can_see=False), Cause.NO_PERMISSION),
        (lambda fake: fake.closes_direct_messages("42"), Cause.NO_DIRECT_MESSAGES),
        (lambda fake: fake.closes_direct_messages("42", shares_guild=False), Cause.NO_DIRECT_MESSAGES),
        (lambda fake: fake.locks("42"), Cause.TOPIC_CLOSED),
    ],
)
async def test_closed_destination_is_suspended_and_its_probe_says_the_same(
    discord: Discord, fake: FakeDiscord, verb: object, cause: Cause
) -> None:
    assert callable(verb)
    verb(fake)
    for outcome in (await sent(discord), await discord.probe(HERE)):
        assert (outcome.kind, outcome.cause) == (OutcomeKind.SUSPEND, cause)


async def test_destination_that_is_open_again_is_found_so(discord: Discord, fake: FakeDiscord) -> None:
    fake.takes_rights("42")
    fake.gives_rights("42")
    assert (await discord.probe(HERE)).kind is OutcomeKind.SENT
    assert fake.messages == []


async def test_deleted_thread_is_no_deleted_channel(discord: Discord, fake: FakeDiscord) -> None:
    fake.deletes_channel("43")
    assert (await sent(discord, THREAD)).cause is Cause.TOPIC_GONE


async def test_archived_thread_is_open_for_a_probe_and_for_a_message(discord: Discord, fake: FakeDiscord) -> None:
    fake.archives("43")
    assert (await discord.probe(THREAD)).kind is OutcomeKind.SENT
    assert (await sent(discord, THREAD)).kind is OutcomeKind.SENT


async def test_long_wait_comes_back_and_halts_the_channel(discord: Discord, fake: FakeDiscord, pace: Told) -> None:
    fake.throttles(3600.5)
    outcome = await sent(discord)
    assert (outcome.kind, outcome.cause, outcome.after_s) == (OutcomeKind.WAIT, Cause.THROTTLED, 3600.5)
    assert pace.halts == [("42", 3600.5)]


async def test_short_wait_is_sat_out_in_one_call(discord: Discord, fake: FakeDiscord, pace: Told) -> None:
    fake.throttles(0.05)
    assert (await sent(discord)).kind is OutcomeKind.SENT
    assert pace.halts == []


async def test_banned_address_waits_a_minute_or_what_is_asked(discord: Discord, fake: FakeDiscord) -> None:
    fake.throttles(3, has_via=False)
    fake.throttles(900, has_via=False)
    waits = [(await sent(discord)).after_s for _ in range(2)]
    assert waits == [60.0, 900.0]


async def test_halted_channel_is_not_asked(discord: Discord, fake: FakeDiscord, pace: Told) -> None:
    pace.wait_s = 7.0
    outcome = await sent(discord)
    assert (outcome.kind, outcome.after_s) == (OutcomeKind.WAIT, 7.0)
    assert all(each.kind != "message" for each in fake.requests)


async def test_failing_server_is_tried_again_under_one_nonce(discord: Discord, fake: FakeDiscord) -> None:
    fake.fails(502, accepts=True)
    assert (await sent(discord)).kind is OutcomeKind.SENT
    assert (len(fake.messages), fake.repeats_stopped) == (1, 1)


@pytest.mark.parametrize("is_html", [False, True])
async def test_server_that_is_down_is_asked_again_later(discord: Discord, fake: FakeDiscord, is_html: bool) -> None:
    fake.fails(503, is_html=is_html)
    outcome = await sent(discord)
    assert (outcome.kind, outcome.cause) == (OutcomeKind.AGAIN, Cause.PLATFORM_DOWN)
    assert "<" not in outcome.detail


async def test_message_that_was_surely_not_sent_is_not_in_doubt(hasty: Discord, fake: FakeDiscord) -> None:
    fake.fails(500, times=9)
    assert (await sent(hasty)).kind is OutcomeKind.AGAIN
    fake.recovers()
    fake.throttles(20, times=9)
    assert (await sent(hasty)).kind is OutcomeKind.WAIT
    await fake.down()
    await sent(hasty, Address(platform="discord", chat="77"))  # over a connection of before, of which nobody knows
    outcome = await sent(hasty, Address(platform="discord", chat="77"))
    assert (outcome.kind, outcome.cause) == (OutcomeKind.AGAIN, Cause.UNREACHABLE)


async def test_wait_for_everybody_that_is_cut_short_stops_nobody_for_ever(hasty: Discord, fake: FakeDiscord) -> None:
    fake.throttles(20, scope="global")
    assert (await sent(hasty)).kind is OutcomeKind.WAIT
    assert (await sent(hasty, Address(platform="discord", chat="77"))).kind is OutcomeKind.SENT


@pytest.mark.parametrize(
    "verb",
    [
        lambda fake: fake.drops(),
        lambda fake: fake.drops_unread(),
        lambda fake: fake.hangs(),
        lambda fake: fake.loses_answer(cuts=True),
        lambda fake: fake.says("<html>Sign in</html>", accepts=True),
        lambda fake: fake.says({"ok": True}),
        lambda fake: fake.says([]),
    ],
)
async def test_message_whose_answer_is_lost_is_in_doubt(hasty: Discord, fake: FakeDiscord, verb: object) -> None:
    assert callable(verb)
    verb(fake)
    outcome = await sent(hasty)
    assert (outcome.kind, outcome.cause) == (OutcomeKind.UNSURE, Cause.NO_ANSWER)


async def test_what_is_too_long_or_empty_for_discord_is_our_fault(discord: Discord) -> None:
    for content, cause in (("a" * 2001, Cause.TOO_LONG), (" ", Cause.MARKUP_REFUSED)):
        outcome = await discord.send(HERE, Part(number=1, payload=f'{{"content": "{content}"}}'), key="1-a")
        assert (outcome.kind, outcome.cause) == (OutcomeKind.PLAIN, cause)


async def test_more_than_a_channel_takes_is_sent_without_one_refusal(discord: Discord, fake: FakeDiscord) -> None:
    fake.limits.seconds = 0.3
    outcomes = [await sent(discord, key=f"{number}-a") for number in range(12)]
    assert {outcome.kind for outcome in outcomes} == {OutcomeKind.SENT}
    assert (fake.refusals_429, len(fake.messages)) == (0, 12)


async def test_revoked_token_stops(discord: Discord, fake: FakeDiscord) -> None:
    fake.revokes_token()
    outcome = await sent(discord)
    assert (outcome.kind, outcome.cause) == (OutcomeKind.STOP, Cause.TOKEN_REFUSED)


async def test_nothing_is_sent_inside_a_transaction(discord: Discord, fake: FakeDiscord) -> None:
    before = len(fake.requests)
    with guard.transaction():
        for doing in (discord.probe(HERE), sent(discord), discord.open()):
            with pytest.raises(guard.TransactionOpen):
                await doing
    assert len(fake.requests) == before


def test_direct_messages_are_no_channel_with_the_number_of_their_person(pace: Told) -> None:
    assert Discord(TOKEN, "http://127.0.0.1:1", pace=pace).private("42") == Address(platform="discord", chat="@42") != HERE


async def test_wrong_token_is_refused_at_the_start(fake: FakeDiscord) -> None:
    channel = Discord("a-wrong-token", fake.url, pace=Told())
    with pytest.raises(TokenRefused, match="DISCORD_BOT_TOKEN"):
        await channel.open()


async def test_discord_that_was_out_of_reach_is_opened_later(fake: FakeDiscord) -> None:
    channel = Discord(TOKEN, fake.url, pace=Told(), timeout_s=0.5)
    await fake.down()
    with pytest.raises(PlatformUnreachable):
        await channel.open()
    await fake.up()
    fake.fails(503, kind="me")
    fake.says("<html>", kind="me")
    fake.hangs(kind="me")
    for _ in range(3):
        with pytest.raises(PlatformUnreachable) as raised:
            await channel.open()
        assert TOKEN not in str(raised.value)
    await channel.open()
    assert (await sent(channel)).kind is OutcomeKind.SENT
    await channel.open()
    assert (await sent(channel, key="2-a")).kind is OutcomeKind.SENT
    await channel.close()
    await channel.close()


async def test_token_is_in_no_log_line(fake: FakeDiscord, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    channel = Discord(TOKEN, fake.url, pace=Told(), timeout_s=0.5)
    await channel.open()
    logging.getLogger("discord.http").setLevel(logging.DEBUG)
    fake.hangs()
    fake.throttles(3600)
    fake.refuses(400, 0, f"what is {TOKEN}?")
    details = [(await sent(channel)).detail for _ in range(3)]
    await sent(channel)
    await channel.close()
    assert caplog.records
    assert TOKEN not in caplog.text
    assert details[2] == "400 0 what is ***?"


async def test_warnings_of_the_library_name_no_channel(
    discord: Discord, fake: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    fake.throttles(0.01)
    await sent(discord)
    assert caplog.text == ""
