"""What TeX's commands look like in Unicode: data for latex.py, nothing else."""


def _pairs(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def _names(table: str) -> frozenset[str]:
    return frozenset(table.split())


LETTERS = _pairs("""
    ss ß o ø O Ø l ł L Ł ae æ AE Æ oe œ OE Œ aa å AA Å i ı j ȷ dh ð DH Ð th þ TH Þ dj đ DJ Đ ng ŋ NG Ŋ
    imath ı jmath ȷ SS ẞ
""")
"""Letters of text: TeX swallows the space behind them (Stra\\ss e)."""

SYMBOLS = _pairs("""
    alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ varkappa ϰ lambda λ
    mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
    Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω digamma ϝ
    varGamma Γ varDelta Δ varTheta Θ varLambda Λ varSigma Σ varPhi Φ varPsi Ψ varOmega Ω

    times × div ÷ pm ± mp ∓ cdot · ast * star ⋆ circ ∘ bullet • oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ dagger † ddagger ‡
    cap ∩ cup ∪ uplus ⊎ sqcap ⊓ sqcup ⊔ vee ∨ wedge ∧ lor ∨ land ∧ setminus ∖ smallsetminus ∖ backslash ∖ textbackslash ∖ wr ≀
    amalg ⨿ bigcirc ◯ diamond ⋄ triangleleft ◁ triangleright ▷ rtimes ⋊ ltimes ⋉ boxplus ⊞ boxtimes ⊠ circledast ⊛ dotplus ∔
    sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcap ⋂ bigcup ⋃ bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂ bigodot ⨀
    bigsqcup ⨆

    leq ≤ le ≤ geq ≥ ge ≥ leqslant ⩽ geqslant ⩾ neq ≠ ne ≠ equiv ≡ approx ≈ sim ∼ simeq ≃ cong ≅ propto ∝ varpropto ∝ ll ≪ gg ≫
    lll ⋘ ggg ⋙ prec ≺ succ ≻ preceq ⪯ succeq ⪰ lesssim ≲ gtrsim ≳ lessapprox ⪅ gtrapprox ⪆ asymp ≍ doteq ≐ triangleq ≜ coloneqq ≔
    in ∈ ni ∋ notin ∉ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ nsubseteq ⊈ sqsubseteq ⊑ sqsupseteq ⊒
    parallel ∥ nparallel ∦ perp ⊥ mid ∣ nmid ∤ models ⊨ vdash ⊢ dashv ⊣ vDash ⊨ Vdash ⊩ bowtie ⋈ smile ⌣ frown ⌢ approxeq ≊
    lt < gt > colon : nleq ≰ ngeq ≱ lneq ⪇ trianglelefteq ⊴ trianglerighteq ⊵ between ≬ pitchfork ⋔

    to → rightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹ impliedby ⟸ iff ⟺
    longrightarrow ⟶ longleftarrow ⟵ longleftrightarrow ⟷ Longrightarrow ⟹ Longleftarrow ⟸ Longleftrightarrow ⟺ mapsto ↦
    longmapsto ⟼ hookrightarrow ↪ hookleftarrow ↩ uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗ searrow ↘
    swarrow ↙ nwarrow ↖ rightharpoonup ⇀ leftharpoonup ↼ rightleftharpoons ⇌ leadsto ⇝ rightsquigarrow ⇝ twoheadrightarrow ↠
    rightrightarrows ⇉ circlearrowright ↻ circlearrowleft ↺ curvearrowright ↷ nrightarrow ↛ nRightarrow ⇏ dashrightarrow ⇢
    textrightarrow → textleftarrow ← textuparrow ↑ textdownarrow ↓ xrightarrow → xleftarrow ← upharpoonright ↾

    infty ∞ partial ∂ nabla ∇ forall ∀ exists ∃ nexists ∄ emptyset ∅ varnothing ∅ neg ¬ lnot ¬ top ⊤ bot ⊥ angle ∠ triangle △
    ell ℓ hbar ℏ hslash ℏ Re ℜ Im ℑ wp ℘ aleph ℵ beth ℶ complement ∁ prime ′ square □ Box □ blacksquare ■ qed ∎ lozenge ◊
    bigstar ★ blacktriangle ▲ clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ flat ♭ sharp ♯ natural ♮ checkmark ✓ surd √
    because ∵ therefore ∴ dots … ldots … dotsc … dotso … cdots ⋯ dotsb ⋯ dotsm ⋯ vdots ⋮ ddots ⋱ textellipsis …
    langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ lvert | rvert | vert | lVert ‖ rVert ‖ Vert ‖ lbrace { rbrace } lbrack [
    rbrack ] llbracket ⟦ rrbracket ⟧ ulcorner ⌜ urcorner ⌝

    textendash – textemdash — textquoteleft ‘ textquoteright ’ textquotedblleft “ textquotedblright ” textquotesingle '
    textquotedbl " guillemotleft « guillemotright » textasciitilde ~ textasciicircum ^ textunderscore _ textbar | textless <
    textgreater > textdollar $ textpercent % textbullet • textperiodcentered · textdegree ° degree ° textmu µ textpm ±
    texttimes × textregistered ® texttrademark ™ textcopyright © copyright © pounds £ textsterling £ texteuro € euro € EUR €
    yen ¥ S § P ¶ dag † ddag ‡ textsection § textonehalf ½ textohm Ω textinterrobang ‽ slash / lq ‘ rq ’ micro µ
""")

DROPPED = _names("""
    text textnormal textbf textit textsl textsc texttt textsf textrm textup textmd textlf emph em bf it sl sc tt sf rm underline
    uline uuline uwave sout strong bfseries itshape scshape ttfamily sffamily rmfamily upshape mdseries slshape normalfont
    mathrm mathbf mathit mathsf mathtt mathcal mathfrak mathscr mathnormal boldsymbol pmb bm boldmath unboldmath cal frak scr
    operatorname operatorname* mathop mathbin mathrel mathord mathopen mathclose mathpunct mathinner ensuremath mbox hbox vbox
    fbox makebox framebox raisebox left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm
    displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag tiny scriptsize footnotesize small
    normalsize large Large LARGE huge Huge noindent indent par relax protect allowbreak nobreak linebreak nolinebreak pagebreak
    xspace smash phantom vphantom hphantom mathstrut strut centering centerline item bfdefault footnotemark
    ac acs acf acl acp acrshort acrlong acrfull gls glspl Gls Glspl num si foreignlanguage mathchoice substack rlap llap
    url nolinkurl lowercase uppercase MakeLowercase MakeUppercase textlowercase highlight hl
""")
"""Commands that only change how their argument looks: the name goes, the argument stays."""

SPACES = dict.fromkeys((*_names("quad qquad enspace enskip thinspace hfill newline space , ; : >"), *"\t\n\r\\ "), " ")
SPACES |= dict.fromkeys("!/-@()[]", "")

NOTES = _names("""
    cite citep citet citealp citealt citeauthor citeyear autocite parencite textcite ref eqref autoref cref Cref label
""")
"""Commands that point elsewhere: the key is all we have, so it is shown in brackets."""

STYLING_ARGUMENT = _names("textcolor color colorbox begin end fontsize vspace hspace usepackage pagestyle")
"""Commands whose first argument is a colour, an environment or a length: markup, not text."""

ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307", "u": "\u0306",
    "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "d": "\u0323", "b": "\u0331", "r": "\u030a", "t": "\u0361",
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304", "vec": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308", "check": "\u030c", "breve": "\u0306", "acute": "\u0301", "grave": "\u0300", "mathring": "\u030a",
    "overline": "\u0305",
}  # fmt: skip
"""Each accent as the combining character that follows its letter."""

SUPERSCRIPTS = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθφχ′°*†‡⊤∘ ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᵠᵡ′°*†‡ᵀ° ",
        strict=True,
    )
)
SUBSCRIPTS = dict(zip("0123456789+-=()aehijklmnoprstuvxβγρφχ ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ ", strict=True))

_EXCEPTIONS = {"C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"}
DOUBLE_STRUCK = (
    {chr(ord("A") + i): chr(0x1D538 + i) for i in range(26)}
    | {chr(ord("a") + i): chr(0x1D552 + i) for i in range(26)}
    | {chr(ord("0") + i): chr(0x1D7D8 + i) for i in range(10)}
    | _EXCEPTIONS
)
DOUBLE_STRUCK_NAMES = _names("mathbb mathds mathbbm Bbb mathbbold")
