"""Vietnamese: saved papers, and what is kept of people."""

SENTENCES: dict[str, str] = {
    "help.save": "/save 2601.03417: lưu một bài vào danh sách của bạn, theo mã hoặc liên kết; /save remove 2601.03417",
    "help.saved": "/saved: các bài bạn đã lưu, mới nhất trước, cùng phiếu của bạn",
    "help.privacy": "/privacy: những gì được lưu về bạn, vì sao, bao lâu và ai xem được",
    "help.deletemydata": "/deletemydata: những gì sẽ bị xóa; /deletemydata có sẽ xóa",
    "saved.head": "Các bài bạn đã lưu",
    "saved.count": "{n} bài, mới nhất trước.",
    "saved.voted": "Phiếu của bạn: 👍 {up}, 👎 {down}.",
    "saved.on": "(lưu ngày {date})",
    "saved.none": "Bạn chưa lưu bài nào. Hãy bấm Lưu dưới một bài, hoặc viết mã hay liên kết của bài: /save 2601.03417",
    "saved.kept": "Đã lưu:",
    "saved.kept_hint": "/saved cho xem danh sách của bạn.",
    "saved.dropped": "Không còn trong danh sách của bạn:",
    "saved.not_there": "Bài này không có trong danh sách của bạn:",
    "saved.private": "Các bài đã lưu chỉ cho riêng bạn xem: hãy viết /saved cho tôi trong trò chuyện riêng.",
    "private.link": "Mở trò chuyện riêng",
    "problem.not_stored": "Tôi không còn biết gì về {key}. Hãy viết /save {key}, tôi sẽ tra cứu.",
    "problem.nobody": "Bạn đang viết với tư cách của nhóm, nên tôi không biết đó là danh sách của ai. "
    "Hãy viết cho tôi trong trò chuyện riêng.",
    "privacy.head": "Những gì được lưu về bạn, và vì sao",
    "privacy.settings": "Đăng ký của bạn: bạn muốn gì, khi nào và trong cuộc trò chuyện nào, để gửi bản tin. "
    "Được giữ cho đến khi /unsubscribe hoặc /deletemydata.",
    "privacy.digests": "Bản tin của bạn: những bài đã cho bạn xem, trong {shown} ngày, để không bài nào đến hai lần; "
    "các tin nhắn và kết quả gửi, trong {sent} ngày, để không mất hay gửi lặp.",
    "privacy.marks": "Phiếu của bạn và các bài bạn đã lưu, để /saved cho xem. Được giữ cho đến khi bạn rút lại.",
    "privacy.calls": "Những bài mà mô hình được hỏi cho cuộc trò chuyện của bạn, khi nào và tốn bao nhiêu, trong {n} ngày, "
    "để giới hạn chi phí mỗi ngày.",
    "privacy.asked": "Số lần bạn hỏi trong ngày, trong {asked} ngày, để không ai dùng hết phần của mọi người; "
    "tệp bạn gửi, trong {uploads} ngày.",
    "privacy.not_kept": "Những gì bạn tìm và các câu bạn hỏi không được lưu.",
    "privacy.who": "Ai xem được",
    "privacy.operator": "Người vận hành bot này có thể đọc tất cả những điều đó trong cơ sở dữ liệu, dưới mã mà nền tảng "
    "trò chuyện đặt cho bạn và cuộc trò chuyện của bạn. Nhật ký không chứa tên hay tin nhắn.",
    "privacy.model": "Tóm tắt và câu trả lời do mô hình {model} viết: nhà cung cấp của nó nhận văn bản của bài báo và câu hỏi "
    "gửi bằng /ask. Nó không biết ai hỏi, cũng không biết từ khóa của bạn.",
    "privacy.no_model": "Ở đây không thiết lập mô hình nào, nên không văn bản hay câu hỏi nào đến nhà cung cấp mô hình.",
    "privacy.sources": "arXiv và Hugging Face được hỏi bài báo dưới tên của bot. Họ không biết là hỏi cho ai.",
    "privacy.platform": "Nền tảng trò chuyện của bạn chuyển mọi tin nhắn và có quy định riêng.",
    "privacy.yours": "Bạn có thể làm gì",
    "privacy.export": "/export đưa cho bạn cài đặt và các bài đã lưu dưới dạng tệp.",
    "privacy.delete": "/deletemydata cho biết những gì sẽ bị xóa, và /deletemydata có xóa ngay. "
    "Trong nhóm, quản trị viên xóa những gì được lưu cho nhóm.",
    "privacy.backups": "Các bản sao cơ sở dữ liệu do người vận hành tạo không bị ảnh hưởng. Hãy hỏi người vận hành về chúng.",
    "delete.would": "Những thứ này sẽ bị xóa vĩnh viễn:",
    "delete.done": "Những thứ này đã bị xóa:",
    "delete.nothing": "Không có gì được lưu về bạn để xóa.",
    "delete.nothing_here": "Không có gì được lưu cho cuộc trò chuyện này để xóa.",
    "delete.saved": "{n} bài đã lưu",
    "delete.votes": "{n} phiếu",
    "delete.uploads": "{n} tệp bạn đã gửi",
    "delete.subscriptions": "{n} đăng ký của cuộc trò chuyện này và các chủ đề của nó, cùng cài đặt",
    "delete.digests": "{n} bản tin, cùng những gì đã hiện và đã gửi",
    "delete.calls": "mô hình đã được hỏi cho ai, {n} lần; chi phí vẫn được tính, không cho ai cả",
    "delete.remembered": "Số lần hỏi hôm nay vẫn được đếm đến nửa đêm (UTC), chỉ trong bộ nhớ.",
    "delete.confirm": "Để xóa, hãy viết: /deletemydata có",
    "delete.confirm_chat": "Để xóa, hãy viết: /deletemydata có",
    "delete.private": "Những gì lưu về riêng bạn được xóa trong trò chuyện riêng: hãy viết /deletemydata cho tôi ở đó.",
}
