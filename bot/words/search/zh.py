"""Chinese (simplified): searches in the store."""

SENTENCES: dict[str, str] = {
    "search.head": "库中有 {n} 篇论文符合：{asked}",
    "search.head_more": "库中符合的论文超过 {n} 篇：{asked}。这里列出最合适的；再加一个词，结果会少一些。",
    "search.head_partial": "库中没有论文完全符合：{asked}。有 {n} 篇部分符合。",
    "search.head_partial_more": "库中没有论文完全符合：{asked}。部分符合的超过 {n} 篇，这里列出最合适的。",
    "search.page": "第 {page} 页，共 {pages} 页",
    "search.type": "要看下一页，请输入：{command}",
    "search.nothing": "库中没有论文符合：{asked}",
    "search.held": "库中有 {n} 篇论文，从 {since} 起收录。",
    "search.holds_none": "库中还没有论文：每期摘报都会收录新论文。",
    "search.any_paper": "其他论文同样可以读：输入 /summary ID，ID 可以是 arXiv 编号、DOI 或链接。",
    "help.search": '/search diffusion "world model" -survey @LeCun cs.CL：在收录的全部论文中搜索；末尾加 page 2 看下一页',
}
