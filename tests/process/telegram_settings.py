"""Papers of each kind that some command chooses by, and what each command of the settings does about them."""

from dataclasses import dataclass

from bot.domain.papers import AnnounceType
from tests.builders import a_paper
from tests.process.scenes import Talk
from tests.process.telegram_talk import TODAY, publish_papers

PLAN, REMEMBER, BIRDS = "Agents that plan", "Agents that remember", "Birds that sing"
SEE, ROLL, OLD = "Agents that see", "Stones that roll", "Agents of old"
SEERS = ("Di One", "Ed Two", "Flo Three", "Gus Four", "Hal Five")
LOVED, LONELY = "Agents that many like", "Agents that few like"


def papers(talk: Talk) -> None:
    """Of each kind that some command chooses by."""
    publish_papers(talk.world, PLAN, REMEMBER, BIRDS)
    talk.world.arxiv.publishes(
        a_paper(arxiv_id="2606.02011", title=SEE, categories=("cs.CV",), authors=SEERS),
        a_paper(arxiv_id="2606.02012", title=ROLL, authors=("Cy Sample",)),
        batch_on=TODAY,
    )
    old = a_paper(arxiv_id="2601.00007", title=OLD, version=2)
    talk.world.arxiv.publishes(old, batch_on=TODAY, announce_type=AnnounceType.REPLACE)
    talk.world.huggingface.lists("2606.02021", on=TODAY, votes=30, title=LOVED)
    talk.world.huggingface.lists("2606.02022", on=TODAY, votes=1, title=LONELY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is typed, what is said to it, how the row is then, and what the next digest has and has not."""

    typed: str
    answer: str
    row: dict[str, object]
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    wish: str = "cs.CL agents"
    before: str = ""


SETTINGS = {
    "keywords": Setting(
        typed="/keywords birds, -remember",
        answer="papers about agents, birds, in cs.CL, from arXiv, without remember in the title",
        row={"keywords": ["agents", "birds"], "excluded": ["remember"]},
        has=(PLAN, BIRDS),
        lacks=(REMEMBER,),
    ),
    "categories": Setting(
        typed="/categories cs.CV",
        answer="in cs.CV",
        row={"categories": ["cs.CV"]},
        has=(SEE, "Di One, Ed Two, Flo Three and 2 more"),
        lacks=(PLAN,),
    ),
    "authors": Setting(
        typed="/authors Cy Sample",
        answer="papers about agents, or papers by Cy Sample",
        row={"authors": ["Cy Sample"]},
        has=(PLAN, ROLL),
        lacks=(BIRDS,),
    ),
    "sources": Setting(
        typed="/sources huggingface",
        answer="from Hugging Face",
        row={"sources": ["huggingface"]},
        has=(LOVED, LONELY),
        lacks=(PLAN,),
        wish="agents",
    ),
    "limit": Setting(
        typed="/limit 1",
        answer="at most 1 a digest",
        row={"max_papers": 1},
        has=(PLAN, "and 1 more that matched"),
        lacks=(REMEMBER,),
    ),
    "threshold": Setting(
        typed="/threshold 9,5", answer="score at least 9.5", row={"threshold": 9.5}, has=("None of the ",), lacks=(PLAN, REMEMBER)
    ),
    "votes": Setting(
        typed="/votes 5",
        answer="at least 5 votes",
        row={"min_votes": 5},
        has=(LOVED,),
        lacks=(LONELY,),
        wish="huggingface agents",
    ),
    "replacements": Setting(typed="/replacements on", answer="new versions", row={"wants_replacements": 1}, has=(PLAN, OLD)),
    "style": Setting(typed="/style brief", answer="Style brief", row={"style": "brief"}, has=("Contribution",)),
    "layout": Setting(
        typed="/layout titles", answer="Digests show titles only", row={"form": "titles"}, has=(PLAN,), lacks=("TL;DR",)
    ),
    "language": Setting(typed="/language zh", answer="你的订阅", row={"language": "zh"}),
    "members": Setting(typed="/members off", answer="Only admins may ask", row={"members_may_ask": 0}),
    "time": Setting(
        typed="/time weekdays 07:15 Berlin",
        answer="The next digest comes on Wednesday, 3 June, 07:15 (Europe/Berlin).",
        row={"local_time": "07:15:00.000000", "zone": "Europe/Berlin", "weekdays": 0b11111},
    ),
    "timezone": Setting(
        typed="/timezone tokyo",
        answer="The next digest comes on Wednesday, 3 June, 09:00 (Asia/Tokyo).",
        row={"zone": "Asia/Tokyo", "local_time": "09:00:00.000000"},
    ),
    "pause": Setting(
        typed="/pause until 2026-08-31",
        answer="It is paused until Monday, 31 August 2026.",
        row={"is_paused": 1, "paused_until": "2026-08-31"},
    ),
    "resume": Setting(
        before="/pause",
        typed="/resume",
        answer="The next digest comes on Wednesday, 3 June, 09:00 (UTC).",
        row={"is_paused": 0, "paused_until": None},
    ),
    "mute": Setting(typed="/mute", answer="Digests come without a sound", row={"is_muted": 1}),
    "emptydays": Setting(typed="/emptydays off", answer="A day without papers is silent", row={"wants_empty_note": 0}),
}
