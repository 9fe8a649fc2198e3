"""What can befall the channels, threads and guilds of the fake Discord, until it is unsaid."""

from typing import Any

from tests.fakes.discord_channels import Channels
from tests.fakes.discord_faults import ALWAYS, Faults
from tests.fakes.discord_places import THREAD, Channel, Guild


class Verbs(Faults):
    """The verbs alone; `FakeDiscord` answers."""

    channels: Channels
    token: str

    # Of the ground

    def guild(self, id: str = "1", name: str = "Lab") -> Guild:  # noqa: A002
        raise NotImplementedError

    def happened(self, event: str, data: dict[str, Any], guild: str) -> None:
        raise NotImplementedError

    def described_channel(self, channel: str) -> dict[str, Any]:
        raise NotImplementedError

    def described_guild(self, guild: str) -> dict[str, Any]:
        raise NotImplementedError

    # What becomes of channels

    def deletes_channel(self, channel: str) -> None:
        """A thread's or a channel's end; threads of a channel go with it."""
        said, guild, place = self.described_channel(channel), self.channels.guild_of(channel), self.channels.at(channel)
        self.channels.deleted.add(channel)
        if place.is_thread:
            facts = {"id": channel, "guild_id": guild, "parent_id": said["parent_id"], "type": place.kind}
            self.happened("THREAD_DELETE", facts, guild)
        else:
            self.happened("CHANNEL_DELETE", said, guild)

    deletes_thread = deletes_channel

    def restores_channel(self, channel: str) -> None:
        self.channels.deleted.discard(channel)
        is_thread = self.channels.at(channel).is_thread
        event = "THREAD_CREATE" if is_thread else "CHANNEL_CREATE"
        self.happened(event, self.described_channel(channel), self.channels.guild_of(channel))

    def puts(self, channel: str, guild: str) -> None:
        """The channel belongs to this guild; all others are of guild 1."""
        if guild not in self.channels.guilds:
            self.guild(guild, f"Server {guild}")
        self.channels.at(channel).guild = guild

    def removes_guild(self, guild: str = "1") -> None:
        """The bot is thrown out."""
        self.channels.removed_guilds.add(guild)
        self.happened("GUILD_DELETE", {"id": guild}, guild)

    def returns_guild(self, guild: str = "1") -> None:
        self.channels.removed_guilds.discard(guild)
        self.happened("GUILD_CREATE", self.described_guild(guild), guild)

    def takes_rights(self, channel: str, *, can_see: bool = True) -> None:
        """The bot may not write there, or not even see it; for words in threads there is a right of their own."""
        (self.channels.silenced if can_see else self.channels.hidden).add(channel)

    def takes_thread_rights(self, channel: str) -> None:
        """The bot may not make threads there."""
        self.channels.no_threads.add(channel)

    def takes_rights_in_threads(self, channel: str) -> None:
        """The bot may not write in the threads of this channel."""
        self.channels.no_words_in_threads.add(channel)

    def takes_embed_rights(self, channel: str) -> None:
        """The bot may not embed anything there, nor in the threads of it."""
        self.channels.no_embeds.add(channel)

    def gives_rights(self, channel: str) -> None:
        """All that was taken."""
        here = self.channels
        for kept in (here.silenced, here.hidden, here.no_threads, here.no_words_in_threads, here.no_embeds):
            kept.discard(channel)

    def fills_threads(self, channel: str) -> None:
        """As many threads are active there as may be."""
        self.channels.full.add(channel)

    def requires_tag(self, forum: str, *, is_so: bool = True) -> None:
        self.channels.at(forum).requires_tag = is_so
        self.happened("CHANNEL_UPDATE", self.described_channel(forum), self.channels.guild_of(forum))

    def hides_posts(self, forum: str, *, requests: int = ALWAYS) -> None:
        """The list of active threads lags: a new post is missing in it so often, or until `shows_posts`."""
        self.channels.at(forum).hides_for = requests

    def shows_posts(self, forum: str) -> None:
        """The list is as it should be."""
        self.channels.at(forum).hides_for = 0
        for each in self.channels.places.values():
            if each.parent == forum:
                each.hidden_for = 0

    def archives(self, thread: str) -> None:
        """A message takes it out of the archive."""
        self._thread(thread).archived = True
        self._changes(thread)

    def locks(self, thread: str) -> None:
        self._thread(thread).locked = True
        self._changes(thread)

    def unlocks(self, thread: str) -> None:
        self._thread(thread).locked = False
        self._changes(thread)

    def _thread(self, thread: str) -> Channel:
        place = self.channels.at(thread)
        place.kind = place.kind if place.is_thread else THREAD
        return place

    def _changes(self, thread: str) -> None:
        self.happened("THREAD_UPDATE", self.described_channel(thread), self.channels.guild_of(thread))

    def closes_direct_messages(self, channel: str, *, shares_guild: bool = True) -> None:
        (self.channels.direct_closed if shares_guild else self.channels.strangers).add(channel)

    def opens_direct_messages(self, channel: str) -> None:
        self.channels.direct_closed.discard(channel)
        self.channels.strangers.discard(channel)

    def revokes_token(self) -> None:
        """Every token is unknown from now on."""
        self.token = ""
