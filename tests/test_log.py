"""What reaches the log, read back from a real stream; above all, what never does."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import structlog
from aiohttp import web

from bot import config, log

TOKEN = 'hunter2-"quoted"-é'
URL_WITH_TOKEN = "postgresql://me:hunter2-%22quoted%22-%C3%A9@db/papers"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Logging is the process's: put it back for the tests that follow."""
    root = logging.getLogger()
    handlers, level, hook, raising = list(root.handlers), root.level, sys.excepthook, logging.raiseExceptions
    yield
    root.handlers, sys.excepthook, logging.raiseExceptions = handlers, hook, raising
    root.setLevel(level)
    structlog.reset_defaults()


def configured(**environ: str) -> io.StringIO:
    stream = io.StringIO()
    log.configure(config.load({"DATABASE_URL": URL_WITH_TOKEN, **environ}, Path("/nowhere/.env")), stream=stream)
    return stream


def test_json_lines_hold_event_keys_level_and_instant() -> None:
    stream = configured(LOG_FORMAT="json")
    structlog.get_logger().info("delivery sent", digest=7, title="Über 流")
    line = json.loads(stream.getvalue())
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "delivery sent", "digest": 7, "title": "Über 流", "level": "info"}


def test_console_lines_are_plain_where_there_is_no_terminal() -> None:
    stream = configured()
    structlog.get_logger().info("delivery sent", digest=7)
    assert "delivery sent" in stream.getvalue()
    assert "digest=7" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize(("level", "shown"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_level_is_the_least_that_is_written(level: str, shown: int) -> None:
    stream = configured(LOG_LEVEL=level)
    for name in ("debug", "info", "warning", "error"):
        getattr(structlog.get_logger(), name)("said")
    assert len(stream.getvalue().splitlines()) == shown


@pytest.mark.parametrize("log_format", ["console", "json"])
@pytest.mark.parametrize("text", [TOKEN, URL_WITH_TOKEN, f"https://api.example/bot{TOKEN}/send"])
def test_token_in_an_exception_is_not_in_the_log(log_format: str, text: str) -> None:
    stream = configured(LOG_FORMAT=log_format)
    try:
        int(text)
    except ValueError as error:
        structlog.get_logger().error("failed", exc_info=True, reason=str(error), parts=[error, {"deep": text}])
        logging.getLogger("some.library").exception("asked %s", text)
    written = stream.getvalue()
    assert written.count("ValueError") >= 2
    assert log.BLANK in written
    assert "hunter2" not in written


def test_token_in_a_crash_is_not_on_standard_error() -> None:
    program = (
        "import os; from pathlib import Path; from bot import config, log\n"
        "log.configure(config.load(os.environ, Path('/nowhere/.env')))\n"
        "raise RuntimeError(os.environ['DATABASE_URL'])\n"
    )
    environ = {"DATABASE_URL": "postgresql://me:hunter2@db/papers", "LOG_FORMAT": "json"}
    child = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=False)
    assert child.returncode == 1
    assert json.loads(child.stderr)["event"] == "crashed"
    assert "hunter2" not in child.stderr


def test_password_of_an_address_nobody_told_us_of_is_blanked() -> None:
    stream = configured()
    structlog.get_logger().warning("proxy found", at="http://me:swordfish@proxy:3128/")
    assert "http://me:***@proxy:3128/" in stream.getvalue()


def test_short_password_does_not_blank_the_whole_log() -> None:
    stream = configured(DATABASE_URL="postgresql://me:e@db/papers")
    structlog.get_logger().info("delivered everything", to="postgresql://me:e@db/papers")
    assert "delivered everything" in stream.getvalue()
    assert "me:***@db" in stream.getvalue()


@pytest.mark.parametrize("level", ["debug", "info"])
async def test_addresses_that_httpx_asks_are_not_logged(level: str) -> None:
    stream = configured(LOG_LEVEL=level)
    app = web.Application()
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.get(f"http://{host}:{port}/botTOKEN/getMe")
    await runner.cleanup()
    assert "TOKEN" not in stream.getvalue()


def test_libraries_are_heard_from_warning_on_in_the_same_form() -> None:
    stream = configured(LOG_FORMAT="json", LOG_LEVEL="debug")
    logging.getLogger("apscheduler.executors.default").info("running job")
    logging.getLogger("apscheduler.executors.default").warning("job %s missed", "x")
    assert json.loads(stream.getvalue())["event"] == "job x missed"


def test_configuring_twice_writes_each_line_once() -> None:
    configured()
    stream = configured()
    structlog.get_logger().info("said")
    assert len(stream.getvalue().splitlines()) == 1


def test_a_library_that_logs_whole_updates_is_not_heard_at_all() -> None:
    stream = configured(LOG_LEVEL="debug")
    logging.getLogger("telegram.Bot").critical("Received data was %s", [{"text": "what somebody said"}])
    assert stream.getvalue() == ""
