"""/export and /import in a terminal, as a process: what is printed is a file that another database takes."""

from pathlib import Path

from tests.builders import a_paper
from tests.world import World

BEGIN, END = "{\n", "\n}\n"
LIBRARY = (
    "@misc{a, title={Learning to Plan}, author={Doe, Jane}}\n@misc{b, title={Plan to Learn}, author={Jane Doe and Rita Roe}}\n"
)


def exported(out: str) -> str:
    """The settings file in what was printed."""
    start = out.index(BEGIN)
    return out[start : out.index(END, start) + len(END)]


async def test_settings_move_to_another_database(world: World, tmp_path: Path) -> None:
    world.arxiv.knows(a_paper(arxiv_id="2606.00001", title="Agents that plan"))
    typed = "/subscribe cs.CL agents -survey\n/time weekdays 07:30 Berlin\n/limit 5\n/save 2606.00001\n/export\n/quit\n"
    done = await world.paperboy("chat", typed=typed)
    assert "paperboy-saved.bib" in done.out
    assert "eprint = {2606.00001}" in done.out
    (world.folder / "mine.txt").write_text(exported(done.out), encoding="utf-8")
    world.extra["DATABASE_URL"] = f"sqlite:///{tmp_path / 'fresh.db'}"
    there = await world.paperboy("chat", typed="/import mine.txt\n/export\n/quit\n")
    assert there.code == 0, there.err
    assert "The settings of mine.txt are in place." in there.out
    assert "papers about agents, in cs.CL" in there.out
    assert "07:30 (Europe/Berlin)" in there.out
    assert exported(there.out) == exported(done.out)


async def test_a_library_tells_what_could_be_followed(world: World) -> None:
    (world.folder / "refs.bib").write_text(LIBRARY, encoding="utf-8")
    done = await world.paperboy("chat", typed="/import refs.bib\n/import none.bib\n/import\n/quit\n")
    assert done.code == 0, done.err
    assert "refs.bib: 2 entries" in done.out
    assert "Jane Doe (2)" in done.out
    assert "There is no file none.bib" in done.out
    assert "Write /import and the path of a file" in done.out


async def test_a_file_with_a_flaw_leaves_everything_as_it_was(world: World) -> None:
    (world.folder / "broken.json").write_text('{"paperboy": 1, "interest": {"keywords": [], "colour": "red"}}', encoding="utf-8")
    (world.folder / "deep.json").write_text('{"paperboy": 1, "interest": ' + "[" * 100_000, encoding="utf-8")
    (world.folder / "large.bib").write_bytes(b"@misc{a,}" * 700_000)
    typed = "/subscribe agents\n/import broken.json\n/import deep.json\n/import large.bib\n/import .\n/settings\n/quit\n"
    done = await world.paperboy("chat", typed=typed)
    assert done.code == 0, done.err
    assert "broken.json has a setting that I do not know: “interest.colour”" in done.out
    assert "deep.json is no settings file of Paperboy" in done.out
    assert "large.bib is too large" in done.out
    assert "papers about agents" in done.out.partition("Your subscription")[2]
    assert "Traceback" not in done.err
