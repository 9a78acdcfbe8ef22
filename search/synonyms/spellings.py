"""Spellings of the seed of the lexicon: how words are typed in messages, and what is meant."""

from __future__ import annotations

SPELLINGS = """
ko > không
k > không
hok > không
hông > không
khg > không
hem > không
dc > được
đc > được
đk > được > điều kiện > đăng ký
j > gì
cty > công ty
lm > làm
ntn > như thế nào
bn > bao nhiêu
bao nhiu > bao nhiêu
bnhiu > bao nhiêu
bnhieu > bao nhiêu
ng > người
nv > nhân viên
cn > công nhân > chủ nhật
t7 > thứ bảy
vs > với
trc > trước
tgian > thời gian
lđ > lao động
bh > bảo hiểm
sổ bh > sổ bảo hiểm
hđ > hợp đồng
sx > sản xuất
nghỉ vc > nghỉ việc
vc lm > việc làm
tai nạn lđ > tai nạn lao động
bệnh nn > bệnh nghề nghiệp
bit > biết
bik > biết
ms > mới
đth > điện thoại
sđt > số điện thoại
ngta > người ta
hnay > hôm nay
cviec > công việc
lv > làm việc
nc ngoài > nước ngoài
thág > tháng
thg > tháng
lg > lương
gđ > gia đình > giám đốc
tc thai sản > trợ cấp thai sản
tc thất nghiệp > trợ cấp thất nghiệp
hs > hồ sơ
"""
