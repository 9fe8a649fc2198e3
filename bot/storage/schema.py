"""What every table shares: the metadata with its names, and the rule for columns that hold an enumeration."""

from collections.abc import Iterable

from sqlalchemy import CheckConstraint, MetaData

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """The column holds one of the values, or of the enumeration's (or NULL, where it may)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
