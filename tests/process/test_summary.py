"""`paperboy summary` as a process: every shape of id, and each way in which there is none."""

import pytest

from tests.builders import a_paper
from tests.world import World


@pytest.mark.parametrize(
    "typed",
    [
        "2606.00001",
        "2606.00001v1",
        "arXiv:2606.00001",
        "https://arxiv.org/abs/2606.00001",
        "https://arxiv.org/pdf/2606.00001v1.pdf",
        "https://huggingface.co/papers/2606.00001",
        "10.48550/arXiv.2606.00001",
        "please read (arXiv:2606.00001).",
    ],
)
async def test_a_paper_is_found_by_any_shape_of_its_id(world: World, typed: str) -> None:
    world.arxiv.knows(a_paper(arxiv_id="2606.00001", title="Agents that plan"))
    done = await world.paperboy("summary", typed)
    assert done.code == 0, done.err
    assert "Agents that plan" in done.out
    assert "no model was asked" in done.out


@pytest.mark.parametrize("typed", ["astro-ph/0601001", "https://arxiv.org/abs/astro-ph/0601001"])
async def test_an_old_id_is_found(world: World, typed: str) -> None:
    world.arxiv.knows(a_paper(arxiv_id="astro-ph/0601001", title="Hot Jupiters"))
    assert "Hot Jupiters" in (await world.paperboy("summary", typed)).out


async def test_an_unknown_id_has_its_own_answer(world: World) -> None:
    done = await world.paperboy("summary", "2606.09999")
    assert (done.code, done.out) == (1, "")
    assert "not known to arXiv" in done.err


async def test_a_malformed_id_has_its_own_answer_and_nobody_is_asked(world: World) -> None:
    done = await world.paperboy("summary", "2613.00001")
    assert done.code == 1
    assert "no arXiv id" in done.err
    assert not world.arxiv.asked


async def test_a_withdrawn_paper_says_so_and_is_not_summarized(world: World) -> None:
    world.arxiv.knows(a_paper(arxiv_id="2606.00001", version=2, comment="This paper has been withdrawn by the authors"))
    done = await world.paperboy("summary", "2606.00001")
    assert done.code == 0
    assert "withdrawn" in done.out.casefold()
    assert "TL;DR" not in done.out


async def test_arxiv_down_is_not_an_unknown_paper(world: World) -> None:
    world.arxiv.is_throttled("60")
    done = await world.paperboy("summary", "2606.00001")
    assert done.code == 1
    assert "asks us to wait" in done.err


async def test_styles_are_listed(world: World) -> None:
    done = await world.paperboy("digest", "--style")
    assert (done.code, done.out.split()) == (0, ["brief", "card", "digest", "notes", "report"])
