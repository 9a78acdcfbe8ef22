"""Vietnamese: how the presenter of a workers' programme hands over, invites and thanks.

Written without diacritics because it is matched on folded text.
"""

from __future__ import annotations

import re

from transcribe.segmenting.languages.base import NEVER, LanguagePack, listed, phrases, words

_ORDER = (
    "tiep theo|tiep den|dau tien|ke tiep|sau day|cuoi cung|sau cung|cuoi|mo dau|khep lai|nua|khac|moi|"
    "thu (?:nhat|hai|ba|tu|bon|nam|sau|bay|tam|chin|muoi)|so (?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|\\d+)"
)
_PERSON = r"(?:(?<!anh\s)(?<!chi\s)(?!anh chi em|anh chi|anh em|chi em|ong ba|co chu|co bac|cac)(?:anh|chi|ong|ba|co|chu|bac|ban|em|cau))"
_PUBLIC = (
    "(?:mot |nhieu |cac )?(?:ban doc|ban cong nhan|ban xem dai|khan gia|thinh gia|khan thinh gia|doc gia|nguoi lao dong|"
    "cong nhan|nu cong nhan|nam cong nhan|lao dong nu|doan vien|cong doan vien|anh chi em cong nhan)"
)
_JOB = (
    "(?:nu cong nhan|cong nhan|nguoi lao dong|lao dong|nhan vien|doan vien|ky su|to truong|to pho|lai xe|tai xe|giao vien|tho|"
    "bao ve|quan doc|ke toan|thu kho|dau bep|tap vu|lao cong|y ta|dieu duong|ky thuat vien|chuyen truong|to bao tri|cong doan vien|"
    "can bo cong doan|lam viec|lam o|lam tai)"
)
_NOUN = "(?:cau hoi|thac mac|ban khoan|tam su|tam tu|tinh huong|truong hop|cau chuyen|phan anh|la thu|thu|tin nhan)"
_EXPERT = (
    r"(?:(?!anh chi\b|ong ba\b)(?:ong|ba|anh|chi|co)|luat su|bac si|tien si|thac si|dong chi|chuyen gia|ky su|giao su|pho giao su|"
    "dai dien|vi khach moi|khach moi|hai vi khach moi|cac vi khach moi|cac chuyen gia)"
)
_ANSWER = "(?:tra loi|giai dap|tu van|chia se|giai thich|thong tin|phan tich|huong dan|lam ro|cho y kien)"
_WORDS = r"(?:(?:[^\s.?!:]+|\w\.) ){0,%d}?"

_NO_QUESTION = r"(?:(?!cau hoi)[^\s.?!:]+ ){0,%d}?"
_NOT_PERSON = r"(?:(?!(?:anh|chi|ong|em|bac|chu)\b)(?:[^\s.?!:]+|\w\.) )"

_HAND_OVER = phrases(
    rf"(?:mot |va |cung |cac )?(?:cau hoi|thac mac) (?:{_ORDER})",
    rf"cau hoi (?:(?!nay|tra loi|cau hoi)[^\s.?!:]+ ){{0,7}}?(?:cua|tu|do) (?:mot )?(?:{_PERSON}|{_PUBLIC})",
    rf"(?:den voi|nghe|sang|tiep theo la|ke tiep la|bay gio la|sau day la|dau la|dau tien la|la) {_NO_QUESTION % 2}{_NOUN} "
    rf"{_NO_QUESTION % 3}(?:cua|tu) (?:mot )?(?:{_PERSON}|{_PUBLIC})",
    rf"(?:nguoi|ban|vi|khan gia|cong nhan) (?:{_ORDER}) (?:dat|gui|neu|co) cau hoi",
    rf"cau hoi {_NO_QUESTION % 4}(?:gui|den) (?:ve|den|toi|cho) (?:chuong trinh|chung ta|chung toi|ban to chuc)",
    rf"(?:nhan duoc|co|den voi|nghe|sang|toi voi|doc|chuyen) (?:mot |them )+(?:mot )?cau hoi {_NO_QUESTION % 3}(?:cua|tu|ve)",
    rf"xin (?:duoc )?(?:chuyen|gui|doc) {_WORDS % 12}cau hoi (?:cua|tu|sau)",
    r"xin (?:duoc )?(?:den voi|sang|chuyen sang|bat dau voi|bat dau bang) cau hoi",
    rf"(?:xin )?(?<!khach\s)moi (?:{_PERSON}|{_PUBLIC}) {_WORDS % 12}(?:dat|neu|doc|gui|co) cau hoi",
)
_ASKS = phrases(
    rf"(?:{_PUBLIC}|{_PERSON}) {_NOT_PERSON}{{0,16}}?"
    r"(?:(?<!xa\s)(?<!quoc\s)(?<!thu\s)(?<!doi\s)(?<!dai\s)(?<!phuc\s)(?<!cau\s)hoi"
    r"(?! (?:dap|lien|dong|nghi|thao|phu|vien|truong|nong|chan|giao|nhap|phong|cong doan|lai|y kien|xem|ro|to|nguoi|ky|luon|nhan su|bao hiem|co quan))|dat cau hoi|ban khoan|thac mac|gui cau hoi"
    r"|gui (?:ve|den|toi) chuong trinh|phan anh|co (?:mot )?cau hoi|muon (?:duoc )?biet(?! (?:them|ro|chinh xac)))",
)

VIETNAMESE = LanguagePack(
    code="vi",
    hand_over=_HAND_OVER,
    asks=_ASKS,
    not_before=re.compile(
        r"\b(?:ve|(?<!den\s)voi|trong|nhu|theo|tra loi|giai dap|qua|nhung|nhieu|gap lai|cam on|truoc|neu|khi|cho|lai|"
        r"ket thuc|ngoai|danh cho|vao|cac|moi|het|de|hay|ma|thuong|luc)[\s,]+$"
    ),
    mistaken=re.compile(
        r"^(?:có|cỏ|cọ|chỉ|chí|bán|bản|bàn|bắn|bậc|bắc|bá|bã|ba|ban)\b|\b(?:hội|hồi|hơi|hôi|hối)$|^mới\b",
        re.IGNORECASE,
    ),
    named=NEVER,
    invitation=phrases(
        rf"(?:xin |kinh |tran trong |duoc |va |rat )*(?<!khach\s)moi (?P<who>{_EXPERT} [^.?!]{{0,90}})",
        rf"xin (?:duoc )?(?:nho|phien) (?P<begged>{_EXPERT} [^.?!]{{0,90}})",
        rf"(?:xin )?(?:nho|de nghi|phien|cam phien) (?P<asked>{_EXPERT} (?:[^.?!]|\b\w\.){{0,60}}?{_ANSWER}[^.?!]{{0,90}})",
        rf"(?:xin |mong )?(?P<please>{_EXPERT} {_NOT_PERSON}{{0,6}}?(?:co the |xin |vui long |hay )*"
        rf"(?:{_ANSWER} (?:giup|cho|gi|ve|ro|nhu the nao|the nao|them)|cho (?:{_PERSON} {_WORDS % 3})?biet)[^.?!]{{0,90}})",
        r"(?:xin )?(?:thua|vang thua) (?:ong|ba|luat su|bac si|dong chi)[^.?!]{0,80}"
        r"(?:truong hop nay|van de nay|cau hoi nay)[^.?!]*",
        r"(?:xin |kinh )*moi (?:ong|ba|anh|chi|bac si|luat su)(?=[.?!,]|$)",
    ),
    who_ends=phrases(
        rf"(?:se |co |xin |vui long |hay |giup |co the |cung )*{_ANSWER}",
        rf"(?:co the |xin |vui long |hay )*cho (?:{_PERSON} {_WORDS % 3})?biet",
        "giup|cho chung toi|cho chi|cho anh|cho em|len tieng|tra loi|a|nhe|co y kien|noi|trao doi|ve cau hoi"
        "|ve van de|voi cau hoi|de cau hoi|trong truong hop|tiep tuc",
    ),
    invites_asker=phrases(
        r"dat cau hoi|neu cau hoi|doc cau hoi|gui cau hoi|(?<!cau\s)(?<!xa\s)hoi|quy vi|cac ban|anh chi nghe|khan gia|theo doi|gap|lam viec|den cong ty"
        "|len phong|ve cong ty|tham gia|quay lai|nghi giai lao|don xem"
    ),
    opening=phrases(
        "(?:vang |da |a )*(?:toi )?(?:xin )?(?:cam on|chao) (?:cau hoi|chuong trinh|chi|anh|ban|em|co|chu)",
        "(?:vang |da )?(?:voi|ve|doi voi) (?:cau hoi|truong hop|noi dung|van de)",
        "(?:toi |chung toi )?xin (?:duoc )?(?:phep )?(?:tra loi|giai dap|chia se|thong tin|trao doi)",
        "thua (?:chi|anh|ban|chuong trinh|quy vi|cac ban|co|chu)|truoc het|truoc tien|theo quy dinh|theo dieu|theo luat"
        "|theo bo luat|can cu|vang|da vang",
    ),
    thanks=phrases(
        rf"(?:vang |da |va )*(?:xin |rat |tran trong |chan thanh |duoc )*(?:cam on|cam on su tra loi cua) "
        rf"(?:{_EXPERT}|phan|cau tra loi|nhung chia se|nhung thong tin|su|y kien)"
    ),
    closing=phrases(
        r"(?:chuong trinh|buoi (?:giao luu|toa dam|hoi dap|doi thoai|truc tuyen|phat song)|so phat song)"
        rf" {_WORDS % 10}(?:khep lai|ket thuc|tam dung|den day la het|dung lai|da het|het gio|het thoi gian)",
        "(?:den day|toi day) (?:thoi luong|thoi gian|chuong trinh)|thoi (?:luong|gian)"
        rf" {_WORDS % 8}(?:da het|co han|khong cho phep|khong con nhieu)",
        "hen gap lai|xin chao va hen|xin kinh chao|xin chao tam biet|tam biet quy vi|xin tam biet",
        "khong con cau hoi nao|het cau hoi|da tra loi het|phan (?:hoi dap|giao luu) (?:xin |cua chung ta )*(?:ket thuc|khep lai|tam dung)",
        rf"(?:xin |tran trong |chan thanh )*cam on quy vi {_WORDS % 8}(?:theo doi|don xem|quan tam|lang nghe|dong hanh)",
    ),
    transition=phrases(
        r"(?:chuyen sang|buoc sang|chuyen qua|den voi|buoc vao|di vao|sang|vao|bat dau|mo dau|tiep tuc voi|quay lai voi)"
        r" (?:voi )?(?:phan|noi dung|chu de|chuyen muc|van de|linh vuc|nhom cau hoi|chuyen de)"
        r"(?! (?:nay|do|la|kho|lon|it|nao))",
        r"(?:phan|noi dung|chu de|chuyen muc|linh vuc|nhom van de) (?:tiep theo|ke tiep|thu (?:nhat|hai|ba|tu|nam)|cuoi cung|sau day)",
        r"truoc khi (?:vao|buoc vao|den voi|di vao|bat dau|chuyen sang)",
        r"(?:chung ta|chung toi|chuong trinh) (?:se |xin |hay )*(?:cung )?(?:chuyen sang|noi ve|ban ve|tim hieu ve|trao doi ve)",
    ),
    introduction=re.compile(
        rf"\b{_PERSON}\s+(?P<name>(?:(?!(?:anh|chi|ong|ba|co|em|bac|o|tai|la|dang|khong|cho|va|xin|chao|duoc|bi|phai|se|da|nao)\b)"
        r"[^\W\d]+\.?\s*){1,5}?)[\s,]*"
        rf"(?:(?:hien|dang|la|lam|mot|nguoi)\s+)*{_JOB}(?!\w)"
    ),
    not_asker=re.compile(r"\b(?:cam on|moi|thua|nho|chao|voi|cung|khach moi)[\s,]+(?:la\s+)?$"),
    asker=re.compile(
        rf"\b(?P<public>{_PUBLIC}(?:\s+(?:giau ten|xin giau ten|khong neu ten))?)\b|"
        rf"\b(?P<who>{_PERSON}\s+(?!(?:oi|a|cho|co|da|se|cung|ay|nay|hay|xin|hoi(?!,? (?:nu )?cong nhan)|em|la|phai|duoc|dang)\b)"
        r"(?P<name>(?:(?!cong nhan|nguoi lao|lam viec|lam o|lam tai|dang|hien|tai|den tu|hoi\b(?!,? (?:nu )?cong nhan)|gui|muon|thac mac|ban khoan|la\b|"
        r"thuoc|cho biet|nhan vien|doan vien|ky su|cong ty|nha may|xi nghiep|o\b|dat cau|noi rang|cau hoi|sinh nam"
        r"|to truong|lai xe|tai xe|tho\b|giao vien|bao ve\b|tiep theo|phan anh|co\b|nhu sau|viet)[^\W\d]+\.?\s*){1,5}))"
        r"[\s,(]*(?P<where>(?:(?:hien|dang|la|lam|mot|mot nguoi)\s+)*"
        rf"(?:{_JOB}|"
        r"cong ty|nha may|xi nghiep|den tu|tai|o|thuoc|nu cong nhan)\b"
        r"(?:(?!,?\s+(?:(?:co|da|muon|xin|cung|va|chi|anh|em|ban|ong|ba|bac|cho)\s+)*(?:hoi\b|biet\b|gui\b|cho biet|ban khoan|thac mac|dat cau|noi dung|nhu sau|viet|"
        r"co cau|dieu|muon biet|muon duoc|van de|voi cau|chia se|phan anh|trinh bay|nho chuong|co noi|thua|chi hoi|anh hoi|muon hoi))[^.?!:;)\n])"
        r"{1,110})?"
    ),
    question_lead=re.compile(
        r"^[\s,.:;–-]*(?:(?:(?:chi|anh|ong|ba|co|chu|bac|ban|em|ban doc|cong nhan|nguoi lao dong|va|co|da|gui|muon|xin|duoc|"
        r"toi|thua|chuong trinh|ve|noi dung|cau hoi|nhu sau|nhu the nay|cu the|la|hoi rang|hoi la|hoi|cho hoi|cho em hoi|"
        r"cho toi hoi|ban khoan|thac mac|rang|nay|viet|nguyen van|den|bien tap vien|ban bien tap|luat su|quy vi|a)"
        r"(?!\w)[\s,.:;–-]*)+(?<=[:.])|"
        r"(?:(?:chi|anh|ban|em|toi|va|co|da|muon|xin)\s+)*"
        r"(?:hoi(?: rang| la)?|thac mac(?: rang| la)?|ban khoan(?: rang| la)?|"
        r"cho (?:(?:toi|em|chung toi|minh|chau) )?(?:duoc )?hoi(?: rang| la)?|muon (?:duoc )?biet(?: rang| la)?|xin hoi|thua chuong trinh|thua (?:ong|ba|luat su|bac si)|"
        r"them ve (?:chuyen|van de|viec) nay|(?:voi )?noi dung (?:cau hoi )?(?:nhu sau|la)|nhu sau|nhu the nay|(?:hoi )?ve viec)(?!\w)[\s,.:;–-]*)"
    ),
    asks_now=re.compile(
        r"\b(?:cho (?:toi|em|chung toi|minh|chau) (?:duoc )?hoi(?: la| rang)?|xin (?:duoc )?hoi|(?:toi|em) (?:muon|xin) hoi(?: la| rang)?)"
        r"(?!\w)[\s,:]*"
    ),
    interrogative=re.compile(
        r"\b(?:bao nhieu|the nao|ra sao|tai sao|vi sao|lam sao|hay khong|hay chua|duoc khong|dung khong|phai khong|"
        r"co phai|la gi|lam gi|nhung gi|gi khong|o dau|khi nao|bao gio|bao lau|may (?:ngay|thang|nam|lan|gio|tieng|nguoi|phan tram)|ai (?:se|la|chiu)|"
        r"(?:co|duoc|bi|phai)\s(?:[^\s.?!]+\s){0,14}?(?:khong|chua)(?=[\s,]*(?:a\b|[.?!,]|$|vay|thua|nhi))|"
        r"nao (?:de|cho|khong|la)|nhung .{1,20} nao|cai gi|dieu gi|muc nao|truong hop nao|sao a)(?!\w)"
    ),
    rhetorical=re.compile(
        r"\b(?:dung khong|phai khong|nhi|co phai khong|tai sao a|tai vi|the a|vay a|ha)\W*$"
    ),
    addressed=re.compile(
        r"\b(?:thua|ong|ba|anh|chi|luat su|bac si|em|ban) (?:co the|cho biet|nghi|danh gia|thay|chia se|noi)|"
        r"\b(?:cho (?:toi|em|minh|chung toi) hoi|xin hoi|toi muon hoi|em muon hoi|vay thi|the con|con ve|thua)\b"
    ),
    reported=re.compile(
        r"\b(?:nhieu nguoi|co nguoi|ho|nguoi ta) (?:hoi|thac mac|noi)|\b(?:tu hoi|gia su|vi du|chung ta)\b"
    ),
    goes_on=re.compile(
        r"(?:va|nhung|boi vi|vi|hoac|neu|thi|la|ma|tuc la|nghia la|co nghia|do la|cho nen)\b"
    ),
    guest=phrases(
        r"(?:tham gia (?:chuong trinh|cung|voi)|khach moi|cung tra loi|dong hanh cung|trong truong quay) (?:[^\s.?!]+ ){0,7}?(?:co|la|hom nay la) "
        r"(?P<who>(?:ong|ba|luat su|bac si|thac si|tien si|anh|chi) (?!(?:chi|em|anh|cong nhan)\b)(?:[^\s.,?!]+\.?,? ?){1,5}?)(?=,|$| (?:la|den tu|hien|xin|se|chuyen vien|chuyen gia|pho|truong)\b|\.)"
    ),
    titles=re.compile(
        r"(?:(?:bác sĩ|ông|bà|anh|chị|cô|chú|bác|luật sư|tiến sĩ|thạc sĩ|đồng chí|kỹ sư|chuyên gia|(?:phó )?giáo sư)\s+)+",
        re.IGNORECASE,
    ),
    word_classes=(
        phrases(
            "khong|bao nhieu|bao lau|the nao|sao|gi|may|hay khong|o dau|khi nao|nao|chua|ha|ko|ai|vay|dung khong|lieu"
        ),
        phrases(
            "em|toi|tui|minh|chau|con|tao|chung toi|tui em|bon em|bon toi|vo em|chong em|me em|con em|nha em"
        ),
        phrases(
            "dieu|khoan|luat|quy dinh|nghi dinh|bo luat|theo|nguoi lao dong|nguoi su dung|phan tram|thang|ngay|nam|gio|muc|toi da|toi thieu"
        ),
        phrases("anh|chi|ban|co|chu|bac|ba con|chau"),
        phrases(
            "hoi|cau hoi|thac mac|nhan|gui|viet|ke|nghe|moi|tiep|den|toi luot|phien|dau day|alo|a lo|vang|da|cam on|xin|thua|chao|doc|thu|tin nhan"
        ),
        phrases(
            "phai|duoc|nen|dung|hay|cu|can|yeu cau|lam don|giu lai|gui don|nop|khieu nai|bat buoc|cam|quyen|trach nhiem|dong"
        ),
        phrases(
            "bi|bat|bao|keu|noi|tru|no|duoi|cho nghi|khong cho|khong tra|so|kho|met|buc xuc|thiet thoi|mat|te|om|benh"
        ),
        phrases(
            "hom|bua|hom qua|hoi|roi|thang truoc|nam ngoai|tuan truoc|moi day|lau nay|xua nay|bay gio|gio"
        ),
    ),
    new_sentence=re.compile(
        r"(?:Tôi|Em|Chúng tôi|Vậy|Như|Xin|Cho|Nếu|Khi|Tại sao|Vì sao|Bao giờ|Bao lâu|Trường hợp|Bây giờ|Theo|Bị|Có|Làm|Không|Công ty (?:có|nói|không|tôi))\b"
    ),
    first_title="Mở đầu",
    bigrams=True,
    weak=words(
        "và là của có cho thì mà các những một này đó do khi với được trong đến tới từ theo về như để ở tại bị bởi cũng đã đang sẽ rất lại "
        "ra vào lên xuống nên nếu hay hoặc nhưng vì sau trước trên dưới còn chỉ không chưa phải tôi ta chúng mình bạn anh chị em ông bà cô "
        "chú bác à ạ ơi nhé nhỉ vâng dạ thưa xin mời cảm cám ơn quý vị gì nào sao thế đây kia ấy qua hơn mỗi cùng vẫn mọi cả hai ba bốn năm "
        "sáu bảy tám chín mười trăm ngàn nghìn triệu nhất thứ phần biết rồi nữa rằng tức ai đâu lúc nhiều ít bao lâu nhiêu bằng nói hỏi "
        "tháng tuần lần số mức khoản điều mấy trừ khỏi ngay luôn thêm bớt người việc chuyện cái con chiếc hôm nay mai giờ xem thấy nhớ "
        "đều tất vậy bên hết đủ đúng sai tính kể cần muốn thể đi làm lớn nhỏ khác nhau tên tổ chồng vợ cháu thuộc quá gần xa mới cũ dù "
        "đồng phút đầu cuối giữa suốt kèm tiếp bắt tự chứ sớm nhờ giúp trở đến đặt gửi nghe nhận lấy họ nó vài nhưng ngoài thật lỡ chào chối "
        "trực nơi hoàn cứ quy định trả luật bộ nghị"
    )
    - words("làm trừ trả nhận nghỉ giờ"),
    generic=listed(
        "công ty, công nhân, lao động, người lao động, anh chị, anh em, chị em, quý vị, chương trình, câu hỏi, trả lời, giải đáp, giờ giải đáp, "
        "trường hợp, bộ luật, bộ luật lao động, luật lao động, người sử dụng, sử dụng lao động, người sử dụng lao động, doanh nghiệp, quy định, theo quy định, "
        "sở nội vụ, nội vụ, chuyên viên, khách mời, trường quay, hôm nay, cảm ơn, xin chào, thời gian, điều kiện, pháp luật, "
        "việc làm, làm việc, nhà máy, xí nghiệp, công đoàn, công đoàn cơ sở, liên đoàn, ngân hàng, bạn đọc, khán giả, đồng ý, chấp nhận, nội dung, "
        "vấn đề, trách nhiệm, quyền lợi, thực hiện, giải quyết, liên hệ, yêu cầu, đề nghị, bình thường, ban ngày, tham gia, kiểm tra, cơ quan, "
        "an toàn, văn bản, giấy tờ, liên quan, làm lại, trả lại, nhận lại, làm ăn, giờ làm, giờ vào, giờ ra, trả thêm, thời lượng, số tiền, hằng tháng, hàng tháng, hàng năm, hằng năm"
    ),
    taxonomy=listed(
        "tiền lương, trả lương, trả lương chậm, trả chậm, trả lương trễ, chậm lương, nợ lương, trừ lương, cắt lương, bảng lương, lương tối thiểu, thưởng Tết, "
        "phạt tiền, kỷ luật, sa thải, nội quy, quy chế thưởng, bồi thường, phụ cấp, nâng lương, làm thêm giờ, tiền làm thêm, tăng ca, ca đêm, làm đêm, ban đêm, làm ban đêm, "
        "thời giờ làm việc, ngày lễ, ngày nghỉ hằng tuần, nghỉ phép, phép năm, nghỉ ốm, ốm đau, nghỉ việc riêng, thai sản, nghỉ thai sản, "
        "tiền thai sản, mang thai, sinh con, sinh đôi, nuôi con nhỏ, khám thai, bảo hiểm xã hội, bảo hiểm xã hội một lần, rút một lần, nợ bảo hiểm, "
        "chậm đóng bảo hiểm, bảo hiểm y tế, bảo hiểm thất nghiệp, trợ cấp thất nghiệp, trợ cấp thôi việc, sổ bảo hiểm, chốt sổ, lương hưu, "
        "hợp đồng lao động, ký hợp đồng, thử việc, nghỉ việc, thôi việc, chấm dứt hợp đồng, đơn phương chấm dứt hợp đồng, cắt giảm lao động, cắt giảm người, "
        "tai nạn lao động, an toàn lao động, vệ sinh lao động, từ chối làm, từ chối làm việc, bệnh nghề nghiệp, đồ bảo hộ, bảo hộ lao động, độc hại, khám sức khỏe, thỏa ước lao động, "
        "thỏa ước tập thể, đối thoại, đình công, quấy rối tình dục, nhà trọ, nhà ở xã hội, bữa ăn ca, tiền trọ, học nghề, hòa giải, khởi kiện, "
        "giữ bằng gốc, giữ giấy tờ, thuế thu nhập, kinh phí công đoàn, đoàn phí, giảm trừ gia cảnh, tai nạn giao thông, nghỉ giữa ca"
    ),
)
