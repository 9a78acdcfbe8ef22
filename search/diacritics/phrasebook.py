"""Everyday Vietnamese for an archive that has none yet: a restorer starts from these phrases.

Written for this purpose: how workers ask and officials answer, and the commonest pairs of syllables.
What the archive itself says counts for more as soon as there is some of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from search.synonyms.concepts import concepts
from search.synonyms.lexicon import Lexicon
from search.text.numbers import number_words

_NUMBERED = ("tháng", "ngày", "năm", "tuần", "giờ", "lần", "tuổi", "triệu đồng", "người", "phần trăm")
_LAST_NUMBER = 31

_ASKED = """
cho em hỏi; cho tôi hỏi; em muốn hỏi; anh chị cho em hỏi; xin hỏi; em xin hỏi; mọi người cho em hỏi với
thì phải làm sao; thì phải làm gì; phải làm thế nào; làm như thế nào; như thế nào; có được không; được không
có phải không; có đúng không; có bị phạt không; có bị trừ không; có được hưởng không; có được nhận không
là bao nhiêu; bao nhiêu tiền; bao nhiêu ngày; bao nhiêu tháng; bao nhiêu phần trăm; bao nhiêu tuổi; bao lâu
mất bao lâu; trong bao lâu; bao giờ; khi nào; lúc nào; ở đâu; nộp ở đâu; hỏi ai; tại sao; vì sao; mấy tháng
mấy ngày; mấy lần; mấy giờ; là gì; gồm những gì; cần những giấy tờ gì; cần giấy tờ gì; thủ tục như thế nào
được tính như thế nào; cách tính; tính ra sao; điều kiện là gì; có bắt buộc không; có hợp pháp không
đúng hay sai; có trái luật không; ai chịu trách nhiệm; ai phải trả; do ai trả; trong trường hợp nào
bị công ty; công ty em; công ty tôi; công ty không chịu; công ty có được; công ty phải; công ty nợ
tôi là công nhân; em là công nhân; em làm ở công ty; em đang mang thai; em mới sinh; vợ em sắp sinh
chồng em; vợ chồng; con nhỏ; con dưới; con em; bố mẹ; cha mẹ; gia đình; người thân; bạn em; chị em; anh em
""".strip()

_WORK = """
người lao động; người sử dụng lao động; hợp đồng lao động; hợp đồng thử việc; hợp đồng có thời hạn
hợp đồng không xác định thời hạn; ký hợp đồng; hết hạn hợp đồng; chấm dứt hợp đồng; đơn phương chấm dứt
thử việc; học việc; học nghề; thời gian thử việc; lương thử việc; chính thức; thời vụ; bán thời gian
thời giờ làm việc; thời gian làm việc; thời gian nghỉ ngơi; giờ làm việc; làm việc; công việc; việc làm
làm thêm giờ; làm thêm; tăng ca; làm ca đêm; ca đêm; ca ba; làm đêm; đổi ca; nghỉ giữa ca; nghỉ giữa giờ
nghỉ phép; phép năm; nghỉ hằng năm; nghỉ lễ; nghỉ tết; nghỉ không lương; nghỉ việc riêng; nghỉ ốm; nghỉ bù
ngày nghỉ; ngày lễ; ngày tết; tết âm lịch; chủ nhật; thứ bảy; thứ hai; cuối tuần; hằng tuần; hằng tháng
tiền lương; trả lương; trả lương chậm; chậm lương; nợ lương; trừ lương; tăng lương; lương cơ bản; phụ cấp
lương tối thiểu vùng; mức lương; bảng lương; thang lương; phiếu lương; lương tháng; lương ngày; tạm ứng
tiền thưởng; thưởng tết; lương tháng mười ba; trợ cấp; trợ cấp thôi việc; trợ cấp mất việc; tiền ăn ca
tiền xăng xe; tiền nhà trọ; phạt tiền; bồi thường; bồi thường thiệt hại; đền tiền; khấu trừ; hoàn thuế
thuế thu nhập cá nhân; giảm trừ gia cảnh; người phụ thuộc; mã số thuế; quyết toán thuế
kỷ luật lao động; sa thải; đuổi việc; cho thôi việc; nghỉ việc; xin nghỉ việc; báo trước; đơn xin nghỉ việc
bị đuổi việc; mất việc; tìm việc; chuyển việc; điều chuyển; tạm hoãn; đi trễ; về sớm; vắng mặt; tự ý bỏ việc
bảo hiểm xã hội; bảo hiểm y tế; bảo hiểm thất nghiệp; đóng bảo hiểm; tham gia bảo hiểm; sổ bảo hiểm
chốt sổ; thẻ bảo hiểm; rút bảo hiểm một lần; mức đóng; mức hưởng; trốn đóng; nợ bảo hiểm; cơ quan bảo hiểm
lương hưu; nghỉ hưu; về hưu; tuổi nghỉ hưu; hưu trí; tử tuất; mai táng; trợ cấp một lần; truy đóng
trợ cấp thất nghiệp; trung tâm dịch vụ việc làm; đăng ký thất nghiệp; hưởng thất nghiệp
thai sản; chế độ thai sản; nghỉ thai sản; mang thai; mẹ bầu; bà bầu; có thai; sinh con; sinh đôi; sinh mổ
sinh non; sảy thai; khám thai; nuôi con nhỏ; con dưới mười hai tháng tuổi; cho con bú; nghỉ sinh; dưỡng sức
nhận nuôi con nuôi; nghỉ chăm con ốm; lao động nữ; lao động nam; phụ nữ; nam nữ; bình đẳng giới
tai nạn lao động; bệnh nghề nghiệp; tai nạn giao thông; an toàn lao động; vệ sinh lao động; bảo hộ lao động
quần áo bảo hộ; thiết bị; máy móc; hóa chất; tiếng ồn; nóng bức; độc hại; nặng nhọc; nguy hiểm; bị thương
khám sức khỏe; khám bệnh; chữa bệnh; bệnh viện; giấy nghỉ ốm; ốm đau; chế độ ốm đau; giám định; thương tật
suy giảm khả năng lao động; điều trị; phục hồi; cấp cứu; sơ cứu; cháy nổ; phòng cháy chữa cháy
công đoàn; công đoàn cơ sở; đoàn viên công đoàn; kinh phí công đoàn; cán bộ công đoàn; chủ tịch công đoàn
thỏa ước lao động tập thể; đối thoại; thương lượng; đình công; ngừng việc; khiếu nại; tố cáo; khởi kiện
tòa án; hòa giải; hòa giải viên; trọng tài; thanh tra; xử phạt; vi phạm; quy định; pháp luật; bộ luật
luật lao động; nghị định; thông tư; điều khoản; nội quy; quyền lợi; nghĩa vụ; trách nhiệm; quyền và nghĩa vụ
quấy rối tình dục; phân biệt đối xử; cưỡng bức lao động; lao động trẻ em; chưa thành niên; người khuyết tật
khu công nghiệp; khu chế xuất; nhà máy; xí nghiệp; phân xưởng; dây chuyền; tổ trưởng; quản lý; giám đốc
nhân sự; phòng nhân sự; kế toán; chủ doanh nghiệp; doanh nghiệp; cơ sở sản xuất; sản xuất; may mặc; điện tử
công nhân; công nhân may; nhân viên; cán bộ; chuyên viên; luật sư; khách mời; chương trình; giải đáp; câu hỏi
xuất khẩu lao động; nước ngoài; người nước ngoài; giấy phép lao động; việt nam; thành phố; tỉnh; huyện; xã
căn cước công dân; chứng minh nhân dân; hộ khẩu; tạm trú; thường trú; sổ hộ khẩu; giấy khai sinh; ủy ban
nhà trọ; tiền trọ; nhà ở xã hội; thuê nhà; mua nhà; vay tiền; vay vốn; tín dụng đen; cho vay; trả góp; lừa đảo
nhà trẻ; mẫu giáo; trường học; đi học; con cái; học phí; kết hôn; đám cưới; đám tang; ly hôn; về quê; xe buýt
hồ sơ; giấy tờ; nộp hồ sơ; thủ tục; đơn từ; mẫu đơn; thời hạn; hạn nộp; đăng ký; điện thoại; tài khoản; ngân hàng
""".strip()

_COMMON = """
của tôi; của em; của mình; của công ty; của người lao động; cho người lao động; đối với người lao động
không có; không được; không phải; không thể; không trả; không đóng; không cho; không muốn; không biết
có thể; có được; có quyền; có nghĩa vụ; phải có; phải trả; phải đóng; phải làm; phải báo; phải được
được hưởng; được nghỉ; được trả; được nhận; được tính; được phép; được cộng; được bồi thường; được bảo vệ
bị ốm; bị bệnh; bị tai nạn; bị nợ; bị phạt; bị trừ; bị sa thải; bị mất; bị lừa; bị ép; bị chậm
nếu như; nếu không; thì sao; thì có; thì được; vì vậy; cho nên; bởi vì; do đó; tuy nhiên; ngoài ra; hoặc là
trong thời gian; trong khi; sau khi; trước khi; kể từ ngày; tính từ; đến khi; cho đến; từ ngày; đến ngày
một năm; một tháng; một ngày; một lần; một giờ; mỗi năm; mỗi tháng; mỗi ngày; hằng năm; năm nay; năm trước
tháng này; tháng sau; tháng trước; hôm nay; hôm qua; ngày mai; hiện nay; bây giờ; lâu rồi; chưa có; đã có
chưa được; chưa trả; đã nghỉ; đã nộp; đã đóng; đang làm; đang nghỉ; đang đóng; sẽ được; sẽ bị; vẫn được
tối đa; tối thiểu; ít nhất; nhiều nhất; hơn nữa; thêm nữa; đủ tuổi; đủ năm; đầy đủ; một phần; toàn bộ
số tiền; số ngày; số năm; mức phạt; lý do; nguyên nhân; trường hợp; điều kiện; thời gian; kết quả; vấn đề
những người; các anh chị; các bạn; mọi người; chúng tôi; chúng ta; họ; nó; người khác; với nhau; cùng nhau
như vậy; ví dụ; tức là; nghĩa là; theo quy định; theo luật; căn cứ vào; liên quan đến; bao gồm; khoảng
rất nhiều; rất khó; quá nhiều; quá ít; ít hơn; nhiều hơn; lớn hơn; nhỏ hơn; cao hơn; thấp hơn; tốt hơn
xin chào; cảm ơn; cám ơn; xin lỗi; vâng ạ; dạ; thưa anh; thưa chị; kính thưa; chào mừng; các vị khách mời
gửi đơn; viết đơn; làm đơn; đến gặp; gọi điện; liên hệ; hướng dẫn; hỗ trợ; giúp đỡ; tư vấn; trả lời; giải thích
đi làm; đi khám; đi về; ở nhà; ở lại; về nhà; ra ngoài; vào làm; lên công ty; xuống xưởng; ăn trưa; uống nước
""".strip()


def phrases(lexicon: Lexicon) -> Iterator[str]:
    """All phrases, those of the lexicon and of what people ask about, and numbers before what is counted among them."""
    for text in (_ASKED, _WORK, _COMMON):
        for line in text.splitlines():
            yield from line.split("; ")
    synonyms = lexicon.synonyms()
    yield from dict.fromkeys(chain(synonyms, *synonyms.values()))
    yield from concepts().phrases()
    for number in range(_LAST_NUMBER):
        yield number_words(number)
    for counted in _NUMBERED:
        yield f"2 {counted}"
        yield from (f"{number_words(number)} {counted}" for number in range(1, 13))
