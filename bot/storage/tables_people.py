"""The tables of what people said and sent, and of what platforms were told.

Marks on papers, what somebody asked today, the files they sent us; the list of commands that a platform shows them.

None of them refers to `papers` or `addresses`: a paper may go and come again, and somebody's mark on it stays.
"""

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, Table, Text

from bot.storage.schema import metadata
from bot.storage.types import Instant, SafeText

marks = Table(
    "marks",
    metadata,
    Column("platform", SafeText, primary_key=True),
    Column("person", SafeText, primary_key=True),
    Column("paper_key", SafeText, primary_key=True),
    Column("vote", Integer, CheckConstraint("vote BETWEEN -1 AND 1", name="vote"), nullable=False),
    Column("voted_at", Instant),
    Column("saved_at", Instant),
    CheckConstraint("vote = 0 OR voted_at IS NOT NULL", name="voted_at"),
    Index(None, "platform", "person", "saved_at"),
)

allowances = Table(
    "allowances",
    metadata,
    Column("platform", SafeText, primary_key=True),
    Column("who", SafeText, primary_key=True),  # "person:123" or "chat:-100123"
    Column("on", Date, primary_key=True),  # UTC
    Column("used", Integer, CheckConstraint("used >= 0", name="used"), nullable=False),
    Index(None, "on"),
)

listings = Table(
    "listings",
    metadata,
    Column("platform", SafeText, primary_key=True),
    Column("bot", SafeText, primary_key=True),  # its own id there: a new token may be of another bot
    Column("mark", SafeText, nullable=False),  # a digest of the list
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", SafeText, nullable=False),
    Column("person", SafeText, nullable=False),
    Column("name", SafeText, nullable=False),
    Column("body", Text, nullable=False),  # checked to be UTF-8 without what a database refuses
    Column("sent_at", Instant, nullable=False),
    Index(None, "sent_at"),
    sqlite_autoincrement=True,  # a button that names a file that was forgotten must not open another one
)
