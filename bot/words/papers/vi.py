"""Vietnamese: the buttons below a digest and its papers, and how papers are shown as cards."""

SENTENCES: dict[str, str] = {
    "papers.summary_of": "Tóm tắt bài {n}",
    "papers.summary": "Tóm tắt",
    "papers.save": "Lưu",
    "papers.back": "Quay lại",
    "papers.more": "Còn {n} bài",
    "papers.settings": "Cài đặt",
    "papers.voted.up": "Đã ghi nhận: 👍",
    "papers.voted.down": "Đã ghi nhận: 👎",
    "papers.voted.none": "Đã bỏ đánh giá của bạn",
    "papers.saved": "Đã lưu: xem bằng /saved",
    "papers.unsaved": "Không còn trong danh sách đã lưu",
    "papers.left_out": "Những bài khác phù hợp ngày {date}",
    "papers.nothing_left_out": "Bản tin này không bỏ sót bài nào.",
    "papers.whole": "Bản tóm tắt đầy đủ: /summary {id}",
    "feed.thread": "{n} bài báo · {date}",
    "feed.no_papers": "Không có bài báo · {date}",
    "feed.checked": "Đối chiếu với bài",
}
