"""How fast one bot may speak on Telegram, with the margins that its own counting needs."""

from bot.channels.pace import Limit, Limits

# Telegram counts when a request arrives, we when it leaves. Of two requests the first may take up to 40 ms longer than the
# second, so that they arrive 40 ms closer together than they left; 5 ms more for timers, rounding, and the way from the pace
# to the socket. 30 in 1.045 s are 28.7 a second: 95.7 % of 30. At 1.053 s it would be less than 95 %.
MARGIN_S = 0.045


def is_many(chat: str) -> bool:
    """Groups, supergroups and channels: their ids are negative, and only they are known by an @name."""
    return chat.startswith(("-", "@"))


# core.telegram.org/bots/faq ("My bot is hitting limits"): about 30 messages a second over all, one a second in a chat, 20 a
# minute in a group; channels are held to the last too, which no page says. It also lets a chat have more than one a second for
# a moment, without a figure: broadcasts have no need of that. Who taps thrice in a row gets three answers at once, and yet no
# more than one a second over three seconds. The figure is ours, and small, since a 429 would stop the whole chat.
TELEGRAM = Limits(
    overall=Limit(most=30, seconds=1.0 + MARGIN_S),
    chat=Limit(most=1, seconds=1.0 + MARGIN_S),
    burst=Limit(most=3, seconds=3.0 + MARGIN_S),
    group=Limit(most=20, seconds=60.0 + MARGIN_S),
    is_group=is_many,
)
