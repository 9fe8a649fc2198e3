"""`paperboy demo`, as `make demo` calls it."""

from pathlib import Path
from xml.etree import ElementTree

from tests.world import World


async def test_a_day_on_sample_papers_ends_with_a_digest_and_three_files(world: World) -> None:
    done = await world.paperboy("demo", "--out", "out")
    assert done.code == 0, done.err
    assert "40 found" in done.out
    out = Path(world.folder / "out")
    assert (out / "digest.md").read_text(encoding="utf-8").startswith("# ")
    assert "</html>" in (out / "digest.html").read_text(encoding="utf-8")
    assert ElementTree.parse(out / "feed.xml").getroot().tag == "rss"  # we wrote it
    assert "out/digest.html" in done.err


async def test_a_second_time_nothing_is_new_and_the_files_stay(world: World) -> None:
    await world.paperboy("demo", "--out", "out")
    before = (world.folder / "out/digest.md").read_bytes()
    again = await world.paperboy("demo", "--out", "out")
    assert again.code == 0
    assert "Nothing new" in again.out
    assert (world.folder / "out/digest.md").read_bytes() == before
    fresh = await world.paperboy("demo", "--out", "out", "--fresh")
    assert "Nothing new" not in fresh.out
