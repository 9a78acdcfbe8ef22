"""Rows of the seed: how workers from the South, the Centre and the North say it, and what they say among themselves.

Written down from general knowledge by the part of life they belong to. Left out are
syllables that are as often something else (ba, chỉ, đau, bé): a wrong other way costs more than a missing one.
"""

from __future__ import annotations

EQUIVALENTS = """
lĩnh = lãnh
thuê = mướn
ngã = té
hỏng = hư
vỡ = bể
muộn = trễ
bệnh = bịnh
bố mẹ = cha mẹ = ba má = ba mẹ = tía má
bà xã = vợ tôi = vợ em
ông xã = chồng tôi = chồng em
tang lễ = đám tang = đám ma
hành kinh = kinh nguyệt
ô tô = xe hơi
mất điện = cúp điện
môi giới = cò mồi
ghi âm = thu âm
nhục mạ = sỉ nhục
ép buộc = bắt ép
không trọn thời gian = bán thời gian = part time
"""

NARROWER = """
má > mẹ
mạ > mẹ
tía > bố > cha
bà xã > vợ
ông xã > chồng
ngoại > bà ngoại > ông ngoại
sắp nhỏ > các con
tụi nhỏ > các con
em bé > con nhỏ > trẻ em
xài > dùng > sử dụng
kiếm > tìm
mần > làm
biểu > bảo
kêu > gọi > bảo
la mắng > mắng > chửi
rầy > mắng
hù > dọa > đe dọa
hăm > dọa > đe dọa
hăm dọa > đe dọa
mét > báo
méc > mách
rớt > rơi
liệng > ném
giùm > hộ
xỉu > ngất
nhà thương > bệnh viện
mổ > phẫu thuật
bữa > hôm > ngày
bữa nay > hôm nay
hổm rày > mấy hôm nay
mai mốt > sau này
chừng nào > bao giờ > khi nào
hồi nào > bao giờ > khi nào
hổng > không
chớ > chứ
bển > bên ấy
ổng > ông ấy
bả > bà ấy
hãng > công ty
xí nghiệp > công ty
chỗ làm > nơi làm việc
mắc > đắt
cày đêm > làm đêm
đi cày > đi làm
cò > môi giới
cò lao động > môi giới
đầu nậu > môi giới > cai thầu
bùng > bỏ trốn
bùng lương > không trả lương > nợ lương
ôm tiền bỏ chạy > bỏ trốn
lặn mất tăm > bỏ trốn
cao chạy xa bay > bỏ trốn
ăn bớt > bớt xén > khấu trừ
ngâm lương > chậm lương > nợ lương
lương bèo > lương thấp
lương còm > lương thấp
cúp lương > trừ lương > cắt lương
phạt lương > trừ lương
cháy túi > hết tiền > tạm ứng lương
viêm màng túi > hết tiền > tạm ứng lương
hết tiền > tạm ứng lương
vay nóng > vay tiền
tín dụng đen > vay nặng lãi > vay tiền
cuốn gói > nghỉ việc > đuổi việc
bỏ ngang > nghỉ ngang
bỏ ngang xương > nghỉ ngang
cúp làm > nghỉ không phép > bỏ việc
xin off > xin nghỉ > nghỉ phép
bay việc > mất việc
mất chén cơm > mất việc
bể nồi cơm > mất việc
bị tống cổ > đuổi việc
cho ra rìa > sa thải > đuổi việc
bị đì > trù dập
đì > trù dập
ăn hiếp > bắt nạt
chèn ép > ép buộc
gạ gẫm > quấy rối tình dục
sờ mó > quấy rối tình dục
cấn bầu > mang thai
dính bầu > mang thai
bụng bầu > mang thai
ở cữ > sinh con > nghỉ thai sản
nằm ổ > sinh con > nghỉ thai sản
vượt cạn > sinh con
sinh em bé > sinh con
tới tháng > hành kinh
đến tháng > hành kinh
ngày đèn đỏ > hành kinh
rụng dâu > hành kinh
lập gia đình > kết hôn
lên xe hoa > kết hôn
về với ông bà > qua đời
qua đời > mất
đi lính > nghĩa vụ quân sự
đi bộ đội > nghĩa vụ quân sự
nhập ngũ > nghĩa vụ quân sự
xuất ngũ > nghĩa vụ quân sự
tiền hưu > lương hưu
tiền già > lương hưu
dưỡng già > lương hưu
về vườn > nghỉ hưu
làm chui > không có hợp đồng
làm lậu > không có hợp đồng
không ký giấy tờ > không có hợp đồng
dập tay > tai nạn lao động
kẹp tay > tai nạn lao động
điện giật > tai nạn lao động
té giàn giáo > tai nạn lao động
đồ bảo hộ > phương tiện bảo vệ cá nhân > bảo hộ lao động
ở trọ > thuê nhà
tiền thế chân > đặt cọc
tiền cọc > đặt cọc
thế chân > đặt cọc
"""

SPELLINGS = """
mn > mọi người
mng > mọi người
cv > công việc
cti > công ty
nhìu > nhiều
nhiu > nhiêu
trg > trong
đki > đăng ký
dky > đăng ký
đky > đăng ký
thui > thôi
hoy > thôi
wa > quá
bjo > bây giờ
sd > sử dụng
vk > vợ
ck > chồng > chuyển khoản
ox > ông xã > chồng
bx > bà xã > vợ
nvqs > nghĩa vụ quân sự
cmt > chứng minh nhân dân
ttoán > thanh toán
hđộng > hợp đồng
pcấp > phụ cấp
tcấp > trợ cấp
"""
