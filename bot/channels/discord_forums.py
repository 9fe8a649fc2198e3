"""Posts of forums, which have no nonce: one that may be there already is looked for among the active threads first."""

import discord

from bot.channels.discord_outcomes import TAG_PROBLEMS, UNKNOWN_MESSAGE, code_of
from bot.channels.discord_payloads import Payload, is_same
from bot.channels.discord_places import Kind, Places
from bot.channels.discord_wire import Wire
from bot.domain.deliveries import Cause, Outcome, OutcomeKind, Past


class Forums:
    """Tries once. What Discord or the connection does is raised."""

    def __init__(self, wire: Wire, places: Places) -> None:
        self._wire, self._places = wire, places

    async def post(self, forum: str, kind: Kind, payload: Payload, past: Past, *, has_embeds: bool) -> Outcome:
        """Begin a post. One that was tried before and is found is not begun again; UNSURE if it is not found, but may be there.

        A lost answer leaves a post in doubt for good. After a crash, where Discord was hardly asked, it is begun anew.
        """
        if past.is_repeat:
            if found := await self._found(forum, kind, payload):
                return _sent(found)
            if past.is_unsure:
                detail = "the post is not among the active ones"
                return Outcome(kind=OutcomeKind.UNSURE, cause=Cause.NO_ANSWER, detail=detail)
        try:
            return await self._opened(forum, kind, payload, has_embeds=has_embeds)
        except discord.HTTPException as error:
            if code_of(error) not in TAG_PROBLEMS or (now := await self._places.kind(forum, is_fresh=True)) == kind:
                raise
        return await self._opened(forum, now, payload, has_embeds=has_embeds)

    @staticmethod
    def no_tag() -> Outcome:
        """What becomes of a post where only people with more rights could make one."""
        detail = "a post of this forum needs a tag, and there is none that the bot may use"
        return Outcome(kind=OutcomeKind.SUSPEND, cause=Cause.NO_PERMISSION, detail=detail)

    async def _opened(self, forum: str, kind: Kind, payload: Payload, *, has_embeds: bool) -> Outcome:
        tag = kind.tag
        if kind.needs_tag and tag is None:
            return self.no_tag()
        tags = (tag.id,) if kind.needs_tag and tag else ()
        first = payload.bodies(has_embeds=has_embeds)[0]
        return _sent(await self._wire.open_post(forum, payload.post_name, first, tags))

    async def _found(self, forum: str, kind: Kind, payload: Payload) -> str:
        """Our post of this name that begins with this very message, in whichever form; "" if there is none."""
        forms = [form.bodies(has_embeds=has)[0] for form in (payload, payload.plain()) for has in (True, False)]
        for post in await self._wire.posts(kind.guild):
            if (post.forum, post.owner, post.name) != (forum, self._wire.bot_id, payload.post_name):
                continue
            try:
                begins = await self._wire.message(post.id, post.id)
            except discord.HTTPException as error:
                if code_of(error) != UNKNOWN_MESSAGE:
                    raise
            else:
                if any(is_same(form, begins) for form in forms):
                    return post.id
        return ""


def _sent(post: str) -> Outcome:
    return Outcome(kind=OutcomeKind.SENT, platform_id=post, thread=post)
