"""English: searches in the store."""

SENTENCES: dict[str, str] = {
    "search.head": "{n} papers in the store hold: {asked}",
    "search.head.one": "1 paper in the store holds: {asked}",
    "search.head_more": "More than {n} papers in the store hold: {asked}. The best are listed; another word would find fewer.",
    "search.head_partial": "No paper in the store holds all of: {asked}. {n} papers hold a part of it.",
    "search.head_partial.one": "No paper in the store holds all of: {asked}. 1 paper holds a part of it.",
    "search.head_partial_more": "No paper in the store holds all of: {asked}. More than {n} papers hold a part of it: the best.",
    "search.page": "Page {page} of {pages}",
    "search.type": "For the next page, type: {command}",
    "search.nothing": "Nothing in the store holds: {asked}",
    "search.held": "The store holds {n} papers, which came in since {since}.",
    "search.held.one": "The store holds 1 paper, which came in on {since}.",
    "search.holds_none": "The store holds no papers yet: it fills with each digest.",
    "search.any_paper": "Any other paper can be read all the same: /summary ID, with its arXiv id, DOI or link.",
    "help.search": '/search diffusion "world model" -survey @LeCun cs.CL: search the papers that came in; add page 2 to go on',
}
