"""English: the buttons below a digest and its papers, and how papers are shown as cards."""

SENTENCES: dict[str, str] = {
    "papers.summary_of": "Summary of {n}",
    "papers.summary": "Summary",
    "papers.save": "Save",
    "papers.back": "Back",
    "papers.more": "{n} more",
    "papers.settings": "Settings",
    "papers.voted.up": "Noted: 👍",
    "papers.voted.down": "Noted: 👎",
    "papers.voted.none": "Your vote is taken back",
    "papers.saved": "Saved: /saved lists it",
    "papers.unsaved": "Not in your saved papers any more",
    "papers.left_out": "What else matched on {date}",
    "papers.nothing_left_out": "This digest left nothing out.",
    "papers.whole": "The whole summary: /summary {id}",
    "feed.thread": "{n} papers · {date}",
    "feed.thread.one": "1 paper · {date}",
    "feed.no_papers": "No papers · {date}",
    "feed.checked": "Held against the text",
}
