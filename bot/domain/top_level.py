"""Top-level domains, as far as a text needs them: every country's, and the generic ones that spammers and papers use.

Countries: the two-letter domains in the root zone (iana.org/domains/root/db). Generic: the common ones among some 1,200.
"""

COUNTRY_DOMAINS = frozenset(
    """
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ch
    ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl
    gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz
    la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no
    np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss
    st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm
    zw рф 中国 中國 台灣 台湾 香港 한국 भारत ไทย укр бел срб қаз
    """.split()  # noqa: SIM905 - one a line would be 400 lines
)

GENERIC_DOMAINS = frozenset(
    """
    academy accountant adult aero agency app army arpa art asia associates attorney auction audio auto autos baby band bank
    bar beauty beer best bet bid bike bingo bio biz black blog blue boats bond boo book bot boutique box broker build builders
    business buzz cab cafe cam camera camp capital car cards care careers casa cash casino cat catering center cfd channel
    charity chat cheap church city claims cleaning click clinic clothing cloud club coach codes coffee college com community
    company computer condos construction consulting contact contractors cooking cool coop country coupons courses credit
    creditcard cricket cruises cyou dad dance date dating day deals degree delivery democrat dental design dev diamonds diet
    digital direct directory discount doctor dog domains download earth eco edu education email energy engineer engineering
    enterprises equipment esq estate events exchange expert exposed express fail faith family fan fans farm fashion feedback
    film finance financial fish fit fitness flights florist flowers foo football forex forsale forum foundation fun fund
    furniture futbol fyi gallery game games garden gay gift gifts gives giving glass global gold golf google gov graphics
    gratis green gripe group guide guitars guru hair haus health healthcare help hiphop hockey holdings holiday homes horse
    hospital host hosting hot house how icu immo immobilien inc industries info ing ink institute insurance insure int
    international investments irish jetzt jewelry jobs kim kitchen kiwi land lat lawyer lease legal lgbt life lighting limited
    limo link live loan loans locker lol london lotto love ltd luxe luxury maison makeup management market marketing markets
    mba media meme memorial men menu miami mil mobi moda moe mom money monster mortgage motorcycles mov movie museum name navy
    net network new news nexus ngo ninja nyc observer one ong onion online ooo org organic page paris partners parts party pet
    phd photo photography photos pics pictures pink pizza place plumbing plus poker porn post press pro productions prof promo
    properties property protection pub qpon quest racing recipes red rehab reise rent rentals repair report republican rest
    restaurant review reviews rich rip rocks rodeo rsvp run sale salon sarl sbs school science security select services sex
    sexy shoes shop shopping show singles site ski skin soccer social software solar solutions soy space spot srl storage
    store stream studio study style sucks supplies supply support surf surgery systems tattoo tax taxi team tech technology
    tel tennis theater tickets tienda tips tires today tokyo tools top tours town toys trade trading training travel trust
    tube uno vacations ventures vet viajes video villas vin vip vision vodka vote voyage wang watch webcam website wedding
    wiki win wine work works world wtf xxx xyz yachts yoga yokohama you zip zone
    рус онлайн сайт орг москва дети 公司 网络 網絡 网站 在线 网址 中文网 集团 我爱你
    商城 商店 游戏 娱乐 企业 移动 닷컴 닷넷 コム みんな संगठन شبكة موقع קום
    """.split()  # noqa: SIM905 - one a line would be 400 lines
)
