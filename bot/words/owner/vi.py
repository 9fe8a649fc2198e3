"""Vietnamese: how it stands, and what the owner of the bot is told."""

SENTENCES: dict[str, str] = {
    "help.status": "/status: tình hình ở đây: bản tin tới, bản tin vừa rồi, tin nhắn có thể chưa đến, các nguồn và mô hình",
    "usage.model": "Bản tóm tắt do {model} viết.",
    "status.head": "Tình hình",
    "status.none": "Ở đây chưa có đăng ký nào. /start để thiết lập, hoặc /subscribe cs.CL agents -survey",
    "status.closed": "Không gửi được đến đây từ {since}: {cause}. Cài đặt của bạn vẫn được giữ, tôi sẽ thử lại vào {next}.",
    "status.last": "Bản tin vừa rồi: {line}",
    "status.lost": "{n} tin nhắn trong {days} ngày qua có thể chưa đến, vì không có câu trả lời. Chạm để gửi lại.",
    "status.again": "Gửi lại: phần {number} trong {total}, {date}",
    "status.again_notice": "Gửi lại: thông báo của {date}",
    "status.sent_again": "Đang gửi lại.",
    "status.not_again": "Tin đó đã được gửi lại rồi, hoặc không còn được giữ.",
    "status.model": "Bản tóm tắt do {model} viết.",
    "status.no_model": "Chưa cài đặt mô hình nào: bản tóm tắt là các câu trong abstract.",
    "status.model_out": "{model} không hoạt động từ {since}: {lack}. Cho đến lúc đó, bản tóm tắt là các câu trong abstract.",
    "status.source": "{source} đã trả lời {age}.",
    "status.source_failed": "{source} bị lỗi {age}: {why}. Sẽ hỏi lại cho bản tin tới.",
    "status.whole": "Toàn bộ bot",
    "status.version": "Paperboy {version}",
    "status.platform": "{platform}: đã kết nối",
    "status.platform_silent": "{platform}: không trả lời từ {since}",
    "status.platform_token": "{platform}: từ chối mã truy cập của bot",
    "status.no_platform": "Tiến trình này không gửi đến nền tảng nào; paperboy run mới gửi.",
    "status.tick": "Nhịp gần nhất của paperboy run là {age}.",
    "status.no_tick": "paperboy run chưa từng chạy trên cơ sở dữ liệu này.",
    "status.queue": "Hộp gửi: {due} đến hạn, {sending} đang gửi, {retry} chờ thử lại, {suspended} tạm giữ",
    "status.lost_all": "{n} tin nhắn trong {days} ngày qua không có câu trả lời",
    "status.oldest": "Tin đến hạn lâu nhất được xếp hàng {age}.",
    "status.readers": "Các đăng ký đang chờ bản tin: {list}",
    "status.no_readers": "Không có đăng ký nào đang chờ bản tin.",
    "status.suspended": "Không nhận tin nhắn: {list}",
    "status.counted": "{name} {n}",
    "status.counted_cause": "{n} ({cause})",
    "status.failing": "{source} bị lỗi {n} lần liên tiếp: {why}. Lần thử tới: {next}",
    "status.at_next_digest": "khi làm bản tin tới",
    "trouble.throttled": "nó yêu cầu chúng tôi chờ",
    "trouble.unreachable": "nó không trả lời",
    "trouble.refused": "nó từ chối yêu cầu của chúng tôi",
    "trouble.client_refused": "nó không chấp nhận header của chúng tôi (đặt CONTACT_EMAIL có thể giúp)",
    "trouble.broken": "nó gửi trang bị hỏng",
    "trouble.changed": "nó đã đổi định dạng (bản Paperboy mới hơn có thể đọc được)",
    "alert.source": "{source} bị lỗi từ {since}, {n} lần liên tiếp: {why}. Lần thử tới: {next}. "
    "Bản tin sẽ nói còn thiếu gì, và các bài bị lỡ sẽ đến sau. paperboy check cho biết thêm.",
    "alert.model": "Mô hình không viết được gì từ {since}: {lack}. Lần thử tới: {next}. "
    "Cho đến khi nó hoạt động, bản tóm tắt là các câu trong abstract. Hãy kiểm tra tài khoản và các cài đặt OPENAI_; "
    "paperboy check sẽ hỏi nó.",
    "alert.money": "Tiền của ngày hôm nay đã hết: {spent} trên {limit}. Cho đến nửa đêm UTC, bản tóm tắt là các câu trong "
    "abstract. Nếu như vậy là quá ít, hãy tăng BUDGET_PER_DAY.",
    "alert.platform": "{platform} không trả lời từ {since}. Tin đến hạn sẽ chờ và được gửi khi nó trả lời; tin nào quá hạn lúc "
    "đó sẽ đến cùng bản tin tới. Nếu kéo dài, hãy xem lại mạng của bot.",
    "alert.token": "{platform} từ chối mã truy cập của bot, nên không gửi được gì đến đó. Hãy đặt mã đúng vào {setting} rồi khởi "
    "động lại bot.",
    "alert.markup": "{platform} từ chối định dạng hoặc độ dài của {n} tin nhắn trong một giờ. Tin nào gửi được dạng văn bản "
    "thuần thì đã gửi. Đó là lỗi của Paperboy: paperboy deliveries liệt kê chúng, xin hãy báo lại.",
    "alert.crashed": "{n} tin nhắn đến {platform} bị bỏ trong một giờ, vì bot dừng mỗi lần gửi chúng. "
    "paperboy deliveries --state dead liệt kê chúng; hãy xem nhật ký trước mỗi lần khởi động.",
    "over.source": "{source} đã trả lời lại. Nó bị lỗi từ {since}.",
    "over.model": "Mô hình viết được trở lại. Nó đã ngừng từ {since}; những gì còn nợ sẽ được bù.",
    "over.money": "Lại có tiền cho bản tóm tắt: một ngày mới đã bắt đầu, hoặc giới hạn đã được tăng.",
    "over.platform": "{platform} đã trả lời lại. Nó im lặng từ {since}; những gì đang chờ được gửi bây giờ.",
}
