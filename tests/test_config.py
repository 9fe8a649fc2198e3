"""Settings: what is accepted, what is refused and in which words, and that every document says the same of them."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from bot import config, hiding
from bot.config import Settings
from bot.errors import BadSettings

ROOT = Path(__file__).parents[1]
NO_FILE = Path("/nowhere/.env")
LOOPBACK = {
    "ARXIV_URL": "http://127.0.0.1:8001",
    "ARXIV_API_URL": "http://localhost:8001/api/query",
    "ARXIV_FEED_URL": "http://[::1]:8001",
    "HUGGINGFACE_URL": "http://127.8.9.1:8001",
}


def load(env_file: Path = NO_FILE, /, **environ: str) -> Settings:
    return config.load(environ, env_file)


def problems(env_file: Path = NO_FILE, /, **environ: str) -> tuple[str, ...]:
    with pytest.raises(BadSettings) as caught:
        config.load(environ, env_file)
    return caught.value.problems


def env_file(directory: Path, text: str) -> Path:
    path = directory / ".env"
    path.write_text(text, encoding="utf-8")
    return path


def default_text(name: str) -> str:
    """A default as one writes it."""
    default = Settings.model_fields[name].default
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    if isinstance(default, float):
        return f"{default:g}"
    return "" if default is None else str(default)


def test_nothing_needs_to_be_set() -> None:
    settings = load()
    assert settings.database_url.get_secret_value() == "sqlite:///data/paperboy.db"
    assert (settings.arxiv_interval_s, settings.arxiv_page_interval_s) == (3, 15)


def test_every_default_passes_its_own_rule() -> None:
    written = {name.upper(): default_text(name) for name in Settings.model_fields}
    assert load(**written) == load()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        load().log_level = "debug"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = env_file(tmp_path, "LOG_LEVEL=debug\nLOG_FORMAT=json\n")
    settings = load(path, LOG_LEVEL="error")
    assert (settings.log_level, settings.log_format) == ("error", "json")


def test_an_empty_value_is_no_value(tmp_path: Path) -> None:
    path = env_file(tmp_path, "LOG_LEVEL=debug\nARXIV_INTERVAL_S=\n")
    settings = load(path, LOG_LEVEL="", CONTACT_EMAIL="")
    assert (settings.log_level, settings.arxiv_interval_s) == ("debug", 3)


def test_what_is_not_ours_in_the_environment_is_let_be() -> None:
    assert load(PATH="/usr/bin", ARXIV_INTERVALS="1") == load()


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("ARXIV_INTERVALS=3", "did you mean ARXIV_INTERVAL_S?"),
        ("DATABASE_URL_FIL=x", "did you mean DATABASE_URL_FILE?"),
        ("COLOUR_OF_THE_BIKESHED=red", "remove it, or see docs/settings.md for the names."),
    ],
)
def test_unknown_name_in_the_file_is_named_with_the_nearest_known_one(tmp_path: Path, line: str, advice: str) -> None:
    name = line.partition("=")[0]
    assert problems(env_file(tmp_path, line)) == (f"{name} in .env is not a setting of Paperboy: {advice}",)


@pytest.mark.parametrize("line", ["LOG_LEVEL", "LOG_LEVEL='debug", "= debug"])
def test_line_of_the_file_that_means_nothing_is_named_by_number(tmp_path: Path, line: str) -> None:
    path = env_file(tmp_path, f"# a comment\n\n{line}\n")
    assert problems(path) == ("Line 3 of .env cannot be understood: write NAME=value.",)


def test_comments_quotes_and_export_are_understood(tmp_path: Path) -> None:
    path = env_file(tmp_path, "# why\nexport LOG_LEVEL='debug'  # for now\nLOG_FORMAT=\"json\"\n")
    assert (load(path).log_level, load(path).log_format) == ("debug", "json")


def test_dollar_signs_in_the_file_stay(tmp_path: Path) -> None:
    path = env_file(tmp_path, "DATABASE_URL=postgresql://me:a${HOME}b@db/papers\n")
    assert load(path).database_url.get_secret_value() == "postgresql://me:a${HOME}b@db/papers"


def test_file_that_is_not_text_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"LOG_LEVEL=\xff\xfe\n")
    assert problems(path) == (".env cannot be read (UnicodeDecodeError): make it a text file in UTF-8 that Paperboy may read.",)


def test_all_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    found = problems(
        env_file(tmp_path, "LOG_LEVLE=debug\n"),
        DATABASE_URL="mysql://x",
        ARXIV_INTERVAL_S="soon",
        ARXIV_PAGE_INTERVAL_S="1",
        CONTACT_EMAIL="me",
        LOG_FORMAT="xml",
        CLOCK_RATE="60",
    )
    assert [sentence.split()[0] for sentence in found] == [
        "LOG_LEVLE",
        "DATABASE_URL",
        "ARXIV_INTERVAL_S",
        "CONTACT_EMAIL",
        "LOG_FORMAT",
        "ARXIV_PAGE_INTERVAL_S",
        "CLOCK_RATE",
    ]


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("DATABASE_URL", "sqlite:///", "must be sqlite:/// and the path of a file"),
        ("DATABASE_URL", "sqlite:///:memory:", "must be sqlite:/// and the path of a file"),
        ("DATABASE_URL", "sqlite://data/x.db", "must be sqlite:/// and the path of a file"),
        ("DATABASE_URL", "postgresql://", "or postgresql://user:password@host/name"),
        ("ARXIV_URL", "arxiv.org", "must be an address that starts with http:// or https://"),
        ("ARXIV_URL", "ftp://arxiv.org", "must be an address that starts with http:// or https://"),
        ("ARXIV_URL", "https://", "must be an address that starts with http:// or https://"),
        ("ARXIV_API_URL", "https://arxiv.org/?a=1", "with nothing after its path"),
        ("ARXIV_FEED_URL", "http://host:99999", "must be an address"),
        ("HUGGINGFACE_URL", "http://[::1", "must be an address"),
        ("HUGGINGFACE_URL", "http://hugging face.co", "must be an address"),
        ("ARXIV_INTERVAL_S", "nan", "must be a number of seconds from 0 to 3600"),
        ("ARXIV_INTERVAL_S", "inf", "must be a number of seconds from 0 to 3600"),
        ("ARXIV_INTERVAL_S", "-1", "must be a number of seconds from 0 to 3600"),
        ("ARXIV_PAGE_INTERVAL_S", "15 s", "must be a number of seconds from 0 to 3600"),
        ("CONTACT_EMAIL", "me@localhost", "must be an e-mail address"),
        ("CONTACT_EMAIL", "me@example.org\r\nX-Evil: 1", "must be an e-mail address"),
        ("CONTACT_EMAIL", "a@b@example.org", "must be an e-mail address"),
        ("LOG_LEVEL", "loud", "must be one of debug, info, warning, error"),
        ("LOG_FORMAT", "xml", "must be one of console, json"),
        ("CLOCK_START", "2026-06-02T15:00:00", "must be a date and time with its offset from UTC"),
        ("CLOCK_START", "noon", "must be a date and time with its offset from UTC"),
        ("CLOCK_START", "0001-01-01T00:00:00+14:00", "must be a date and time with its offset from UTC"),
        ("CLOCK_RATE", "0", "must be a number above 0"),
        ("CLOCK_RATE", "fast", "must be a number above 0"),
    ],
)
def test_bad_value_is_one_sentence_that_says_what_to_do(name: str, value: str, complaint: str) -> None:
    (sentence,) = problems(**{**LOOPBACK, name: value})
    assert sentence.startswith(f"{name} must be ")
    assert complaint in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("name", ["ARXIV_INTERVAL_S", "ARXIV_PAGE_INTERVAL_S"])
def test_arxiv_is_asked_faster_only_on_this_machine(name: str) -> None:
    (sentence,) = problems(**{name: "0.5"})
    assert sentence.startswith(f"{name} must be ")
    assert getattr(load(**LOOPBACK, **{name: "0.5"}), name.lower()) == 0.5


@pytest.mark.parametrize("url", ["ARXIV_URL", "ARXIV_API_URL", "ARXIV_FEED_URL"])
def test_one_public_arxiv_address_is_enough_to_keep_the_pace(url: str) -> None:
    public = {**LOOPBACK, url: "https://127.0.0.1.example.org"}
    assert problems(**public, ARXIV_INTERVAL_S="0")


def test_pace_of_arxiv_is_no_matter_of_hugging_face() -> None:
    assert load(**{**LOOPBACK, "HUGGINGFACE_URL": "https://huggingface.co"}, ARXIV_INTERVAL_S="0").arxiv_interval_s == 0


@pytest.mark.parametrize(("name", "value"), [("CLOCK_START", "2026-06-02T15:00:00Z"), ("CLOCK_RATE", "60")])
def test_clock_is_set_only_away_from_the_world(name: str, value: str) -> None:
    assert problems(**{name: value})
    assert problems(**{**LOOPBACK, "HUGGINGFACE_URL": "https://huggingface.co"}, **{name: value})
    load(**LOOPBACK, **{name: value})
    config.load({name: value}, NO_FILE, is_demo=True)


def test_trailing_slash_of_a_base_url_is_dropped() -> None:
    assert load(ARXIV_URL="http://127.0.0.1:8001/").arxiv_url == "http://127.0.0.1:8001"


def test_choices_may_be_written_in_capitals() -> None:
    assert load(LOG_LEVEL="WARNING", LOG_FORMAT="JSON").log_level == "warning"


def test_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text("postgresql://me:hunter2@db/papers\n")
    by_environment = load(DATABASE_URL_FILE=str(secret))
    by_file = load(env_file(tmp_path, f"DATABASE_URL_FILE={secret}\n"))
    assert by_environment == by_file
    assert by_file.database_url.get_secret_value() == "postgresql://me:hunter2@db/papers"


def test_secret_file_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    empty, value = tmp_path / "empty", "sqlite:///x.db"
    empty.touch()
    assert problems(DATABASE_URL_FILE=str(empty)) == ("DATABASE_URL_FILE names an empty file: write the value into it.",)
    assert problems(DATABASE_URL_FILE=str(tmp_path)) == (
        "DATABASE_URL_FILE names a file that cannot be read (IsADirectoryError): name a text file that Paperboy may read.",
    )
    assert problems(DATABASE_URL_FILE=str(empty), DATABASE_URL=value) == (
        "DATABASE_URL and DATABASE_URL_FILE are both set: keep one of them.",
    )


def test_only_secrets_come_from_files(tmp_path: Path) -> None:
    assert problems(env_file(tmp_path, "LOG_LEVEL_FILE=x\n"))[0].startswith("LOG_LEVEL_FILE in .env is not a setting")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:hunter2@db/papers",
        "postgresql://me:hun%20ter2@db/papers",
        "postgresql://db/papers?user=me&password=hunter2",
        "postgresql://me:hunter2@more@db/papers",
    ],
)
def test_password_is_never_shown(url: str) -> None:
    settings = load(DATABASE_URL=url)
    shown = f"{settings!r} {settings} {hiding.public_view(settings)}"
    assert "ter2" not in shown
    assert hiding.public_view(settings)["DATABASE_URL"].replace("***", "") in url.replace("hun%20ter2", "").replace(
        "hunter2@more", ""
    ).replace("hunter2", "")
    assert any("ter2" in secret for secret in hiding.secrets(settings))


def test_address_without_a_password_is_shown_whole() -> None:
    assert hiding.public_view(load())["DATABASE_URL"] == "sqlite:///data/paperboy.db"
    assert hiding.secrets(load()) == ()


def test_bad_secret_is_not_repeated_in_the_complaint() -> None:
    assert "hunter2" not in str(problems(DATABASE_URL="mysql://me:hunter2@db"))


def test_user_agent_names_the_contact_only_where_there_is_one() -> None:
    assert "mailto:me@example.org" in config.user_agent(load(CONTACT_EMAIL="me@example.org"))
    assert "mailto" not in config.user_agent(load())


def test_clock_runs_from_its_start_at_its_rate() -> None:
    elapsed = iter([100.0, 100.0, 101.5])
    settings = load(**LOOPBACK, CLOCK_START="2026-06-02T17:00:00+02:00", CLOCK_RATE="60")
    now = config.make_now(settings, monotonic=lambda: next(elapsed))
    assert now() == datetime(2026, 6, 2, 15, tzinfo=UTC)
    assert now() == datetime(2026, 6, 2, 15, 1, 30, tzinfo=UTC)


def test_rate_without_a_start_runs_from_the_wall_clock() -> None:
    start = datetime(2026, 2, 28, 23, 59, tzinfo=UTC)
    elapsed = iter([0.0, 2.0])
    now = config.make_now(load(**LOOPBACK, CLOCK_RATE="60"), wall=lambda: start, monotonic=lambda: next(elapsed))
    assert now() == start + timedelta(minutes=2)


def test_clock_is_the_wall_clock_unless_told_otherwise() -> None:
    assert abs(config.make_now(load())() - datetime.now(UTC)) < timedelta(seconds=5)


@given(st.dictionaries(st.sampled_from([name.upper() for name in Settings.model_fields]), st.text(max_size=40)))
def test_any_text_is_either_accepted_or_refused_in_sentences(environ: Mapping[str, str]) -> None:
    try:
        config.load(environ, NO_FILE)
    except BadSettings as error:
        complaints = error.problems
    else:
        return
    assert all(re.fullmatch(r"[A-Z_]+ (must|needs|is for tests only,) .+\.", each) for each in complaints)


def test_env_example_agrees_with_the_fields() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    written = re.findall(r"^# (.+)\n#([A-Z_]+)=(.*)$", text, re.MULTILINE)
    assert written == [(f.description, name.upper(), default_text(name)) for name, f in Settings.model_fields.items()]


def test_docs_table_agrees_with_the_fields() -> None:
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`(.+)`|none) \| (.+) \|$", text, re.MULTILINE)
    assert rows == [(name.upper(), default_text(name), f.description) for name, f in Settings.model_fields.items()]


def test_env_example_can_be_used_as_it_is_and_with_every_line_taken_in(tmp_path: Path) -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert load(env_file(tmp_path, text)) == load()
    assert load(env_file(tmp_path, re.sub(r"^#([A-Z_]+=)", r"\1", text, flags=re.MULTILINE))) == load()
