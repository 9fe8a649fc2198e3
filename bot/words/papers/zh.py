"""Chinese: the buttons below a digest and its papers, and how papers are shown as cards."""

SENTENCES: dict[str, str] = {
    "papers.summary_of": "第 {n} 篇总结",
    "papers.summary": "总结",
    "papers.save": "收藏",
    "papers.back": "返回",
    "papers.more": "还有 {n} 篇",
    "papers.settings": "设置",
    "papers.voted.up": "已记录：👍",
    "papers.voted.down": "已记录：👎",
    "papers.voted.none": "已撤回你的评价",
    "papers.saved": "已收藏：用 /saved 查看",
    "papers.unsaved": "已取消收藏",
    "papers.left_out": "{date} 其余匹配的论文",
    "papers.nothing_left_out": "这期没有其他匹配的论文。",
    "papers.whole": "完整总结：/summary {id}",
    "feed.thread": "{n} 篇论文 · {date}",
    "feed.no_papers": "没有论文 · {date}",
    "feed.checked": "与原文核对",
}
