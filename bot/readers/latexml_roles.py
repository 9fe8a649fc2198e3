"""What an element of a LaTeXML page is to a reader, by its tag and its classes. Pure."""

from enum import IntEnum, auto


class Role(IntEnum):
    PAGE = auto()  # everything outside of one is the site's, the licence too
    SKIP = auto()
    ERROR = auto()  # a macro that the converter did not know
    TITLE = auto()
    ABSTRACT = auto()
    SECTION = auto()
    APPENDIX = auto()
    HEADING = auto()
    BLOCK = auto()
    ROW = auto()
    CELL = auto()
    NOTE = auto()
    TAG = auto()  # a number or a sign that the next block belongs to
    GAP = auto()  # a part of a line, with a space behind it
    RAISED = auto()
    INLINE = auto()


_SKIPPED_TAGS = frozenset({"nav", "button", "footer", "header", "select", "object", "dialog", "form", "desc", "metadata"})
_BLOCK_TAGS = frozenset(
    {"p", "div", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "figure", "figcaption", "caption", "section", "article"}
    | {"blockquote", "pre", "center", "h1", "h2", "h3", "h4", "h5", "h6"}
)
# In order: the first class that an element has decides.
_BY_CLASS = {
    "package-alerts": Role.SKIP,
    "ltx_ERROR": Role.ERROR,
    **dict.fromkeys(("ltx_authors", "ltx_author_notes", "ltx_creator", "ltx_dates", "ltx_date"), Role.SKIP),
    **dict.fromkeys(("ltx_bibliography", "ltx_biblist", "ltx_bibitem", "ltx_TOC", "ltx_index"), Role.SKIP),
    **dict.fromkeys(("ltx_page_navbar", "ltx_page_header", "ltx_page_footer", "ltx_page_logo"), Role.SKIP),
    **dict.fromkeys(("ltx_pagination", "ltx_classification", "ltx_listing_data", "ltx_rule", "ltx_phantom"), Role.SKIP),
    **dict.fromkeys(("ltx_note_mark", "ltx_tag_note", "ltx_note_type", "ltx_note_frontmatter"), Role.SKIP),
    **dict.fromkeys(("ltx_role_thanks", "ltx_role_footnotemark", "ltx_missing_image"), Role.SKIP),
    **dict.fromkeys(("ltx_role_institutetext", "ltx_role_preprint", "ltx_role_email"), Role.SKIP),
    **dict.fromkeys(("ltx_role_affiliation", "ltx_role_address", "ltx_role_newpage"), Role.SKIP),
    "ltx_note": Role.NOTE,
    "ltx_title_document": Role.TITLE,
    "ltx_abstract": Role.ABSTRACT,
    "ltx_appendix": Role.APPENDIX,
    **dict.fromkeys(("ltx_part", "ltx_chapter", "ltx_section", "ltx_subsection", "ltx_acknowledgements"), Role.SECTION),
    **dict.fromkeys(("ltx_title_part", "ltx_title_chapter", "ltx_title_section", "ltx_title_subsection"), Role.HEADING),
    **dict.fromkeys(("ltx_title_appendix", "ltx_title_abstract", "ltx_title_acknowledgements"), Role.HEADING),
    **dict.fromkeys(("ltx_tag_item", "ltx_title_theorem", "ltx_title_proof"), Role.TAG),
    "ltx_eqn_cell": Role.GAP,
    "ltx_td": Role.CELL,
    "ltx_tr": Role.ROW,
    "ltx_document": Role.PAGE,
    **dict.fromkeys(("ltx_p", "ltx_para", "ltx_item", "ltx_itemize", "ltx_enumerate", "ltx_listingline"), Role.BLOCK),
    **dict.fromkeys(("ltx_tabular", "ltx_eqn_row", "ltx_listing", "ltx_caption"), Role.BLOCK),
}


def role_of(tag: str, classes: str) -> Role:
    """The role of an element, wherever it stands."""
    if tag in _SKIPPED_TAGS:
        return Role.SKIP
    names = frozenset(classes.split())
    for name, role in _BY_CLASS.items():
        if name in names:
            return role
    if tag in {"td", "th"}:
        return Role.CELL
    if tag == "sup":
        return Role.RAISED
    return Role.ROW if tag == "tr" else Role.BLOCK if tag in _BLOCK_TAGS else Role.INLINE
