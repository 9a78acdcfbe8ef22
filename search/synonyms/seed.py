"""The lexicon that a new archive begins with: judged row by row, the law's words as in the Labour Code 2019
and the Social Insurance Law 2024.

Left out because they mean too many things: CĐ alone (only with a word beside it), TT, BNN alone, NĐ, QĐ,
DN, đ/c; because they say too much: công ty or nhân viên for the law's parties, thưởng for thưởng tết;
because they are something else in law: phạt tiền for discipline (the law forbids it), lương cơ bản for
the minimum wage. Editors change rows in the archive, not here; new rows here reach every archive.
"""

from __future__ import annotations

from search.synonyms import dialect
from search.synonyms.entries import EntryKind, LexiconEntry
from search.synonyms.spellings import SPELLINGS

_ABBREVIATIONS = """
BHXH = bảo hiểm xã hội
BHYT = bảo hiểm y tế
BHTN = bảo hiểm thất nghiệp
TCTN = trợ cấp thất nghiệp
BHTNLĐ = bảo hiểm tai nạn lao động
TNLĐ = tai nạn lao động
TNLĐ BNN = tai nạn lao động bệnh nghề nghiệp
HĐLĐ = hợp đồng lao động
NLĐ = người lao động
NSDLĐ = người sử dụng lao động
TƯLĐTT = thỏa ước lao động tập thể
BLLĐ = bộ luật lao động
LBHXH = luật bảo hiểm xã hội
LBHYT = luật bảo hiểm y tế
ATLĐ = an toàn lao động
ATVSLĐ = an toàn vệ sinh lao động
BHLĐ = bảo hộ lao động
XKLĐ = xuất khẩu lao động
GPLĐ = giấy phép lao động
CNVCLĐ = công nhân viên chức lao động
CNLĐ = công nhân lao động
CĐCS = công đoàn cơ sở
CĐVN = công đoàn Việt Nam
LĐLĐ = liên đoàn lao động
LĐLĐVN = liên đoàn lao động Việt Nam
KPCĐ = kinh phí công đoàn
ĐPCĐ = đoàn phí công đoàn
BHXHVN = bảo hiểm xã hội Việt Nam
BLĐTBXH = bộ lao động thương binh và xã hội
BNV = bộ nội vụ
KCN = khu công nghiệp
KCX = khu chế xuất
KCB = khám chữa bệnh
KBCB = khám bệnh chữa bệnh
KSK = khám sức khỏe
TNCN = thu nhập cá nhân
TNDN = thu nhập doanh nghiệp
TNHH = trách nhiệm hữu hạn
HTX = hợp tác xã
CCCD = căn cước công dân
CMND = chứng minh nhân dân
UBND = ủy ban nhân dân
UBKT = ủy ban kiểm tra
HĐND = hội đồng nhân dân
TAND = tòa án nhân dân
VKS = viện kiểm sát
PCCC = phòng cháy chữa cháy
GTGT = giá trị gia tăng
OT = làm thêm giờ
OT = tăng ca
chủ tịch CĐ = chủ tịch công đoàn
cán bộ CĐ = cán bộ công đoàn
đoàn viên CĐ = đoàn viên công đoàn
phí CĐ = phí công đoàn
quỹ CĐ = quỹ công đoàn
CĐ công ty = công đoàn công ty
CĐ cơ sở = công đoàn cơ sở
"""

# The law's word first, where it has one.
_EQUIVALENTS = """
làm thêm giờ = tăng ca = làm thêm = làm ngoài giờ
tiền lương làm thêm giờ = tiền tăng ca = lương tăng ca = tiền làm thêm giờ
mang thai = mang bầu = có thai = có bầu = mẹ bầu = bà bầu = bầu bí
nghỉ thai sản = nghỉ đẻ = nghỉ sinh = nghỉ hộ sản
sinh con = sinh đẻ = đẻ con
vợ sinh con = vợ đẻ = vợ sinh
phẫu thuật lấy thai = sinh mổ = đẻ mổ = mổ đẻ
khám thai = khám bầu
sẩy thai = sảy thai = hư thai
dưỡng sức = phục hồi sức khỏe
con ốm đau = con ốm = con bị ốm = con bị bệnh
sa thải = đuổi việc = bị đuổi làm
cho thôi việc = cho nghỉ việc
chấm dứt hợp đồng lao động = thôi việc = nghỉ việc
đơn xin thôi việc = đơn thôi việc = đơn xin nghỉ việc = đơn nghỉ việc
đơn phương chấm dứt hợp đồng lao động = nghỉ ngang = bỏ việc
nhảy việc = chuyển việc = đổi việc = đổi chỗ làm
nghỉ hằng năm = nghỉ hàng năm = nghỉ phép = phép năm
nghỉ không hưởng lương = nghỉ không lương
nghỉ hằng tuần = nghỉ hàng tuần
thưởng tết = lương tháng 13 = lương tháng mười ba = tháng lương thứ 13 = tháng lương thứ mười ba
khấu trừ tiền lương = khấu trừ lương = trừ lương = cắt lương
chậm trả lương = nợ lương = chậm lương = trả lương chậm = trả lương trễ
quỵt lương = xù lương = giựt lương = giật lương = giựt nợ lương = ăn quỵt lương
giam lương = giữ lương
tạm ứng tiền lương = tạm ứng lương = ứng lương
bảng kê trả lương = phiếu lương
phụ cấp chuyên cần = tiền chuyên cần
lĩnh lương = lãnh lương
mức lương tối thiểu = lương tối thiểu = lương tối thiểu vùng
bồi thường = đền bù
sổ bảo hiểm xã hội = sổ bảo hiểm
chốt sổ bảo hiểm xã hội = chốt sổ bảo hiểm = chốt sổ
giữ sổ bảo hiểm xã hội = ôm sổ bảo hiểm = giữ sổ bảo hiểm = ôm sổ
chậm đóng bảo hiểm xã hội = nợ bảo hiểm xã hội = nợ bảo hiểm = nợ tiền bảo hiểm
trốn đóng bảo hiểm xã hội = trốn đóng bảo hiểm = không đóng bảo hiểm
dừng đóng bảo hiểm xã hội = cắt bảo hiểm xã hội = cắt bảo hiểm = ngừng đóng bảo hiểm
bảo hiểm xã hội một lần = bảo hiểm xã hội 1 lần = rút bảo hiểm xã hội = rút bảo hiểm = bảo hiểm một lần
bảo hiểm xã hội tự nguyện = bảo hiểm tự nguyện
trợ cấp thất nghiệp = bảo hiểm thất nghiệp = tiền thất nghiệp
lương hưu = hưu trí = lãnh hưu = hưởng hưu
nghỉ hưu = về hưu
trợ cấp mai táng = mai táng phí = tiền mai táng
trợ cấp tuất = tiền tuất
suy giảm khả năng lao động = mất sức lao động = nghỉ mất sức
ốm đau = nghỉ ốm = nghỉ bệnh
kết hôn = đám cưới = lấy vợ = lấy chồng
giao kết hợp đồng = ký hợp đồng = kí hợp đồng
hợp đồng bằng lời nói = hợp đồng miệng
không xác định thời hạn = vô thời hạn
đình công = ngừng việc tập thể
làm việc ban đêm = làm ca đêm = làm đêm = ca đêm = ca ba = ca 3
bữa ăn giữa ca = ăn giữa ca = bữa ăn ca = ăn ca
quấy rối tình dục = sàm sỡ
nội quy lao động = nội quy công ty
đi làm muộn = đi làm trễ
người sử dụng lao động bỏ trốn = chủ doanh nghiệp bỏ trốn = chủ bỏ trốn = giám đốc bỏ trốn
lao động giúp việc gia đình = người giúp việc = ô sin = osin
người lao động nước ngoài = lao động nước ngoài
lao động cao tuổi = người lao động cao tuổi = lao động lớn tuổi
hàng tháng = hằng tháng
hàng năm = hằng năm
"""

# Who types the first finds the others too, each says less or is one of several ways to see it.
_NARROWER = """
bầu > mang thai
mẹ bầu > thai sản
bà bầu > thai sản
đẻ > sinh con > thai sản
tiền thai sản > trợ cấp thai sản > chế độ thai sản
tiền đẻ > trợ cấp thai sản
chế độ đẻ > chế độ thai sản
phẫu thuật lấy thai > sinh con phải phẫu thuật
đi khám bầu > khám thai
vắt sữa > con dưới 12 tháng tuổi
cưới > kết hôn
đám tang > nghỉ việc riêng
nghỉ cưới > nghỉ việc riêng
quỵt lương > không trả lương > nợ lương > chậm trả lương
xù lương > không trả lương > nợ lương
giựt lương > không trả lương
giựt nợ lương > không trả lương
giam lương > chậm trả lương > không trả lương
nhảy việc > nghỉ việc > chấm dứt hợp đồng lao động
đuổi việc > cho thôi việc > cho nghỉ việc
cho nghỉ việc > sa thải
bị ép viết đơn > ép nghỉ việc > đơn xin thôi việc
ép viết đơn > ép nghỉ việc > đơn xin thôi việc
ép nghỉ việc > đơn phương chấm dứt hợp đồng trái
đuổi ngang > đơn phương chấm dứt hợp đồng lao động
bị ép nghỉ > ép nghỉ việc
bắt viết đơn > ép nghỉ việc
bỏ việc > tự ý bỏ việc
nghỉ ngang > tự ý bỏ việc > tự ý nghỉ việc
cắt giảm nhân sự > thay đổi cơ cấu > cắt giảm lao động
cắt giảm lao động > trợ cấp mất việc làm
mất việc > trợ cấp mất việc làm
tiền nghỉ việc > trợ cấp thôi việc
hết việc > ngừng việc
nghỉ chờ việc > ngừng việc
nghỉ luân phiên > ngừng việc
lãn công > đình công
ôm sổ > không chốt sổ > không trả sổ bảo hiểm
giữ bằng > giữ bản chính
giữ căn cước > giữ bản chính
học việc > học nghề > tập nghề
thời vụ > hợp đồng lao động xác định thời hạn
hợp đồng dài hạn > không xác định thời hạn
phụ cấp độc hại > nặng nhọc độc hại > bồi dưỡng bằng hiện vật
tiền độc hại > phụ cấp độc hại
môi trường độc hại > nặng nhọc độc hại
nhiễm độc > bệnh nghề nghiệp
tai nạn trên đường đi làm > tai nạn lao động
tai nạn khi đi làm > tai nạn lao động
đứt tay > tai nạn lao động
tiền tai nạn > trợ cấp tai nạn lao động
tiền công đoàn > đoàn phí công đoàn > kinh phí công đoàn
phí công đoàn > đoàn phí
tổ chức đại diện người lao động > công đoàn
thưởng tết > tiền thưởng
thưởng cuối năm > thưởng tết
đăng ký thất nghiệp > hưởng trợ cấp thất nghiệp
báo thất nghiệp > hưởng trợ cấp thất nghiệp
sếp > người sử dụng lao động
chủ lao động > người sử dụng lao động
ông chủ > người sử dụng lao động
lễ tết > nghỉ lễ
tăng ca chủ nhật > làm thêm vào ngày nghỉ
làm thêm chủ nhật > làm thêm vào ngày nghỉ
tăng ca ngày lễ > làm thêm vào ngày lễ
làm chủ nhật > ngày nghỉ hằng tuần
ép tăng ca > làm thêm giờ
bắt tăng ca > làm thêm giờ
kiện công ty > tranh chấp lao động > khởi kiện
đánh người > cố ý gây thương tích
bảng lương > thang lương
nghỉ hậu sản > nghỉ thai sản
giấy nghỉ ốm > giấy chứng nhận nghỉ việc hưởng BHXH
giấy nghỉ bệnh > giấy chứng nhận nghỉ việc hưởng BHXH
người chết > tính mạng bị xâm phạm
chết người > tính mạng bị xâm phạm
bị thương > sức khỏe bị xâm phạm
bôi nhọ > danh dự bị xâm phạm
nghỉ giữa giờ > nghỉ trong giờ làm việc
nghỉ giải lao > nghỉ trong giờ làm việc
nghỉ giữa ca > nghỉ trong giờ làm việc
báo trước bao lâu > thời hạn báo trước
bắt đền > bồi thường thiệt hại
chó cắn > súc vật gây thiệt hại
đình công trái phép > đình công bất hợp pháp
trẻ em đi làm > lao động chưa thành niên
cho con bú > nuôi con dưới 12 tháng tuổi
nuôi con nhỏ > nuôi con dưới 12 tháng tuổi
chuyển bộ phận > chuyển người lao động làm công việc khác
chuyển việc khác > chuyển người lao động làm công việc khác
vay tiền > vay tài sản
mượn tiền > vay tài sản
cho vay nặng lãi > lãi suất vượt quá
làm ca > làm việc theo ca
bị kỷ luật > xử lý kỷ luật lao động
chửi mắng > nhục mạ
"""


def _rows(kind: EntryKind, text: str, mark: str) -> list[LexiconEntry]:
    """The entries of lines: equivalents as pairs with the line's first phrase."""
    rows: list[LexiconEntry] = []
    for line in text.strip().splitlines():
        first, *others = line.split(f" {mark} ")
        if kind is EntryKind.EQUIVALENT:
            rows += (LexiconEntry(kind, other, first) for other in others)
        else:
            rows += (LexiconEntry(kind, first, other) for other in others)
    return rows


SEED: tuple[LexiconEntry, ...] = (
    *_rows(EntryKind.ABBREVIATION, _ABBREVIATIONS, "="),
    *_rows(EntryKind.EQUIVALENT, _EQUIVALENTS, "="),
    *_rows(EntryKind.NARROWER, _NARROWER, ">"),
    *_rows(EntryKind.SPELLING, SPELLINGS, ">"),
    *_rows(EntryKind.EQUIVALENT, dialect.EQUIVALENTS, "="),
    *_rows(EntryKind.NARROWER, dialect.NARROWER, ">"),
    *_rows(EntryKind.SPELLING, dialect.SPELLINGS, ">"),
)
