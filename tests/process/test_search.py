"""/search as a process: what one command brought in, the next one finds."""

from datetime import date

from tests.builders import a_paper
from tests.world import World

TODAY = date(2026, 6, 2)


async def test_what_a_digest_brought_in_is_found_by_its_words_whatever_is_typed(world: World) -> None:
    world.arxiv.publishes(
        a_paper(arxiv_id="2606.00001", title="Agents that plan", authors=("Ada Example",)),
        a_paper(arxiv_id="2606.00002", title="$\\alpha$-divergence of birds", authors=("Bo Sample",)),
        batch_on=TODAY,
    )
    await world.paperboy("digest", "--category", "cs.CL")
    typed = (
        "agent plan",
        "@ada cs.CL",
        "α-divergence",
        "2606.00002",
        "bird unheard",
        '"plan" OR NEAR(( * ^ "',
        "?!",
        "plan -agents",
    )
    done = await world.paperboy("chat", typed="".join(f"/search {each}\n" for each in typed))
    assert (done.code, "Traceback" in done.err) == (0, False), done.err
    for line in (
        "1 paper in the store holds: agent plan",
        "1 paper in the store holds: @ada cs.CL",
        "1 paper in the store holds: α-divergence",
        "1 paper in the store holds: 2606.00002",
        "No paper in the store holds all of: bird unheard. 1 paper holds a part of it.",
        "Write words to look for",
        "Nothing in the store holds: plan -agents",
        "The store holds 2 papers, which came in since 2026-06-02.",
    ):
        assert line in done.out
