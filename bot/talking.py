"""What app.py built, as the handlers of every platform take it."""

from bot.app import App
from bot.summarizers.styles import styles
from bot.words import languages
from handlers.talk import Services


def services(app: App) -> Services:
    """What a person may ask of this bot."""
    return Services(
        subscribing=app.subscribing,
        carrying=app.carrying,
        uploads=app.uploads,
        reading_lists=app.reading_lists,
        digesting=app.digesting,
        expecting=app.expecting,
        samples=app.samples,
        summarizing=app.summarizing,
        asking=app.asking,
        searching=app.searching,
        spending=app.spending,
        standing=app.standing,
        browsing=app.browsing,
        ledger=app.ledger,
        opening=app.opening,
        allowance=app.allowance,
        marking=app.marking,
        forgetting=app.forgetting,
        styles=styles(),
        languages=tuple(languages()),
    )
