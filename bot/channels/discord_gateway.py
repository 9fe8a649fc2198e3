"""The life of a connection to Discord's gateway: logged in, connected, connected anew by the library, until it is closed.

The address of the gateway is asked of the API, so that one setting names both.
"""

import discord
import yarl
from discord.gateway import DiscordWebSocket

from bot.channels import discord_outcomes
from bot.errors import PlatformUnreachable, TokenRefused

NAME = "Discord"
_TOKEN_REFUSED = 4004  # the code with which the gateway is closed
FEW_LEFT = 5  # sessions that may still be begun today: they are left for whoever restarts the bot
LONGEST_REST_S = 3600.0
AGAIN_S = 1.0  # nobody is answered meanwhile; whoever tries again waits longer each time


async def live(client: discord.Client, token: str) -> None:
    """Log in and stay connected until the client is closed.

    Raises TokenRefused, and PlatformUnreachable where the library gives up, with the time after which to try again: at the
    first connection it does so at once. The client is of no use after that.
    """
    try:
        await client.login(token)
        _, address, limit = await client.http.get_bot_gateway()
        _rest(limit["remaining"], limit["reset_after"] / 1000)
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)
        await client.connect()
    except discord.LoginFailure as error:
        raise TokenRefused(NAME, "DISCORD_BOT_TOKEN") from error
    except discord.ConnectionClosed as error:
        if error.code == _TOKEN_REFUSED:
            raise TokenRefused(NAME, "DISCORD_BOT_TOKEN") from error
        raise PlatformUnreachable(NAME, f"the gateway closed the connection with {error.code}") from error
    except AttributeError as error:  # of the library, where the very first connection fails: it has no socket yet
        if client.ws is not None:
            raise
        raise PlatformUnreachable(NAME, "the gateway does not answer", after_s=AGAIN_S) from error
    except discord_outcomes.ERRORS as error:
        raise PlatformUnreachable(NAME, discord_outcomes.detail(error, token=token), after_s=AGAIN_S) from error


def _rest(left: int, again_s: float) -> None:
    """A day has a thousand sessions; a bot that begins one in vain again and again would have its token reset."""
    if left < FEW_LEFT:
        raise PlatformUnreachable(NAME, "the sessions of the day are used up", after_s=min(again_s, LONGEST_REST_S))
