"""English: the buttons below a digest and its papers."""

SENTENCES: dict[str, str] = {
    "papers.summary_of": "Summary of {n}",
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
}
