"""In a child of a test: dies by SIGKILL right before or after the transaction of one step of the day.

PAPERBOY_DIES=W5:after:2 kills it after the second transaction that is a W5. Told from outside, by what a transaction
writes; the bot's code knows nothing of it.
"""

import os
import re
import signal
from collections import Counter

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import Pool

# The first that fits names the step. A claim of a part sets a lease, an outcome takes it away.
STEPS = {
    "W2": r"INSERT INTO digests\b",
    "W5": r"INSERT INTO parts\b",
    "W6": r"UPDATE parts SET (?=[^;]*\blease_until=)(?=[^;]*\bclaimed_at=)",
    "W7": r"UPDATE parts SET (?=[^;]*\bplatform_id=)",
    "W3": r"INSERT INTO texts\b",
    "W4": r"UPDATE summaries SET (?=[^;]*\bbody=)",
    "W1": r"INSERT INTO sightings\b",
}


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def install(when: str) -> None:
    """`when` is STEP:before|after:N."""
    step, edge, number = when.split(":")
    pattern, seen, open_steps = re.compile(STEPS[step]), Counter[str](), set[Connection]()
    done = []

    @event.listens_for(Engine, "before_cursor_execute")
    def _look(
        connection: Connection, _cursor: object, statement: str, _parameters: object, _context: object, _many: object
    ) -> None:
        if pattern.search(statement):
            open_steps.add(connection)

    @event.listens_for(Engine, "commit")
    def _commit(connection: Connection) -> None:
        if connection not in open_steps:
            return
        open_steps.discard(connection)
        seen[step] += 1
        if seen[step] == int(number):
            if edge == "before":
                _die()
            done.append(connection)

    @event.listens_for(Pool, "checkin")
    def _given_back(_connection: object, _record: object) -> None:
        if done:
            _die()


if os.environ.get("PAPERBOY_DIES"):
    install(os.environ["PAPERBOY_DIES"])
