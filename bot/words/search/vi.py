"""Vietnamese: searches in the store."""

SENTENCES: dict[str, str] = {
    "search.head": "{n} bài báo trong kho khớp với: {asked}",
    "search.head_more": "Hơn {n} bài báo trong kho khớp với: {asked}. Đây là những bài hợp nhất; thêm từ để lọc bớt.",
    "search.head_partial": "Không bài báo nào trong kho khớp với tất cả: {asked}. {n} bài khớp một phần.",
    "search.head_partial_more": "Không bài báo nào trong kho khớp với tất cả: {asked}. Hơn {n} bài khớp một phần.",
    "search.page": "Trang {page} trên {pages}",
    "search.type": "Để xem trang tiếp theo, hãy gõ: {command}",
    "search.nothing": "Không bài báo nào trong kho khớp với: {asked}",
    "search.held": "Kho có {n} bài báo, nhận từ {since}.",
    "search.holds_none": "Kho chưa có bài báo nào: kho đầy dần theo mỗi bản tin.",
    "search.any_paper": "Bài báo nào khác cũng đọc được: /summary ID, với mã arXiv, DOI hoặc liên kết.",
    "help.search": '/search diffusion "world model" -survey @LeCun cs.CL: tìm trong mọi bài báo đã nhận; thêm page 2 để xem tiếp',
}
