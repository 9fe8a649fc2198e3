"""English: how it stands, and what the owner of the bot is told."""

SENTENCES: dict[str, str] = {
    "help.status": "/status: how it stands here: the next digest, the last one, what may not have arrived, sources and model",
    "usage.model": "Summaries are written by {model}.",
    # /status, for everybody
    "status.head": "How it stands",
    "status.none": "There is no subscription here. /start sets one up, or /subscribe cs.CL agents -survey",
    "status.closed": "Nothing can be sent here since {since}: {cause}. Your settings are kept, and I look again on {next}.",
    "status.last": "The last digest: {line}",
    "status.lost": "{n} messages of the last {days} days may not have arrived, because no answer came. A tap sends one again.",
    "status.lost.one": "A message of the last {days} days may not have arrived, because no answer came. A tap sends it again.",
    "status.again": "Send again: part {number} of {total}, {date}",
    "status.again_notice": "Send again: the notice of {date}",
    "status.sent_again": "It is sent again.",
    "status.not_again": "That has been sent again already, or is not kept any more.",
    "status.model": "{model} writes the summaries.",
    "status.no_model": "No model is set up: summaries are sentences of the abstract.",
    "status.model_out": "{model} has not worked since {since}: {lack}. Until it does, summaries are sentences of the abstract.",
    "status.source": "{source} answered {age}.",
    "status.source_failed": "{source} failed {age}: {why}. It is asked again for the next digest.",
    # /status, for the owner
    "status.whole": "The whole bot",
    "status.version": "Paperboy {version}",
    "status.platform": "{platform}: connected",
    "status.platform_silent": "{platform}: no answer since {since}",
    "status.platform_token": "{platform}: refuses the token of the bot",
    "status.no_platform": "This process sends to no platform; paperboy run does.",
    "status.tick": "The last tick of paperboy run was {age}.",
    "status.no_tick": "paperboy run has never run on this database.",
    "status.queue": "Outbox: {due} due, {sending} on their way, {retry} to be tried again, {suspended} held back",
    "status.lost_all": "{n} messages of the last {days} days without an answer",
    "status.lost_all.one": "1 message of the last {days} days without an answer",
    "status.oldest": "The oldest that is due was queued {age}.",
    "status.readers": "Subscriptions that wait for a digest: {list}",
    "status.no_readers": "No subscription waits for a digest.",
    "status.suspended": "Takes no messages: {list}",
    "status.counted": "{name} {n}",
    "status.counted_cause": "{n} ({cause})",
    "status.failing": "{source} has failed {n} times in a row: {why}. Next try: {next}",
    "status.failing.one": "{source} has failed once: {why}. Next try: {next}",
    "status.at_next_digest": "with the next digest",
    # What the owner is told by itself
    "trouble.throttled": "it asks us to wait",
    "trouble.unreachable": "it does not answer",
    "trouble.refused": "it refuses our requests",
    "trouble.client_refused": "it does not accept our headers (CONTACT_EMAIL may help)",
    "trouble.broken": "it sends broken pages",
    "trouble.changed": "it changed its format (a newer Paperboy may know it)",
    "alert.source": "{source} has failed since {since}, {n} times in a row: {why}. Next try: {next}. "
    "Digests say what is missing, and papers that were missed come later. paperboy check shows more.",
    "alert.source.one": "{source} has failed since {since}: {why}. Next try: {next}. "
    "Digests say what is missing, and papers that were missed come later. paperboy check shows more.",
    "alert.model": "The model has written nothing since {since}: {lack}. Next try: {next}. "
    "Until it works, summaries are sentences of the abstract. Check the account and the OPENAI_ settings; paperboy check "
    "asks it.",
    "alert.money": "The money of the day is spent: {spent} of {limit}. Until midnight, UTC, summaries are sentences of the "
    "abstract. If that is too little, raise BUDGET_PER_DAY.",
    "alert.platform": "{platform} has not answered since {since}. What is due waits, and goes when it answers; what is too late "
    "by then comes with the next digest. If it lasts, look at the network of the bot.",
    "alert.token": "{platform} refuses the token of the bot, and nothing is sent there. Put the right one into {setting} and "
    "start the bot again.",
    "alert.markup": "{platform} refused the markup or the length of {n} messages within an hour. They went as plain text where "
    "that was possible. It is a fault of Paperboy: paperboy deliveries shows them, please report it.",
    "alert.markup.one": "{platform} refused the markup or the length of a message within an hour. It went as plain text if "
    "that was possible. It is a fault of Paperboy: paperboy deliveries shows it, please report it.",
    "alert.crashed": "{n} messages to {platform} were given up within an hour, because the bot ended each time it sent them. "
    "paperboy deliveries --state dead shows them; look into the log before each start.",
    "alert.crashed.one": "A message to {platform} was given up within an hour, because the bot ended each time it sent it. "
    "paperboy deliveries --state dead shows it; look into the log before each start.",
    "over.source": "{source} answers again. It had failed since {since}.",
    "over.model": "The model writes again. It had not since {since}; what it owes is made up for.",
    "over.money": "There is money for summaries again: a new day has begun, or the limit was raised.",
    "over.platform": "{platform} answers again. It had not since {since}; what waited is sent now.",
}
