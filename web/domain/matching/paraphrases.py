"""Questions in plain words: one wording for what workers say in many, so that a model of meaning compares
what is asked and not how. Pure.

This goes further than the search's lexicon, which must not bring hits that say something else: here
“công ty” and “người sử dụng lao động” are one, and thanks, greetings and cited articles go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from search.query.understanding import QueryTerm, understand
from search.synonyms.lexicon import Lexicon, TypedWord, phrase
from search.synonyms.stopwords import is_weak
from search.text.folding import nfc, tokens
from search.text.syllables import is_syllable

# The first is written for all others; itself stands in the way of shorter ones within it.
_SAYINGS = """
làm thêm giờ = tăng ca = làm ngoài giờ = làm thêm = tăng ka
người sử dụng lao động = công ty = nsdlđ = chủ xưởng = ông chủ = bà chủ = chủ nhà máy = chủ nhà = xí nghiệp = doanh nghiệp = nhà máy
người lao động = công nhân = nhân viên = anh chị em công nhân
báo trước = báo trc = thông báo trước = báo trước cho công ty
nghỉ việc = nghỉ làm = thôi việc = nghỉ vc = nghỉ lm = xin nghỉ = xin thôi việc = nghỉ ngang
bao lâu = mấy ngày = bao nhiêu ngày = mấy hôm = bao nhiêu ngày làm việc = bao nhiu ngày = bn ngày = mấy tháng = bao nhiêu tháng = bao nhiêu lâu
bao nhiêu giờ = mấy giờ = mấy tiếng = bao nhiêu tiếng = bao nhiu tiếng
giờ = tiếng đồng hồ = giờ đồng hồ
tối thiểu = ít nhất = thấp nhất
tối đa = nhiều nhất = cao nhất
nghỉ hưởng lương = nghỉ có lương = nghỉ vẫn có lương = nghỉ hưởng nguyên lương
hưởng lương = có lương = nguyên lương = hưởng nguyên lương = vẫn có lương = vẫn được trả lương
không hưởng lương = không lương = ko lương
nhận = lãnh = lĩnh = được hưởng = lãnh được
bồi thường = đền bù = bắt đền = bồi thường thiệt hại
lý do = tại sao = vì sao = vì lý do gì
văn bản = giấy tờ = giấy trắng mực đen
yêu cầu = đòi = đòi hỏi
đơn khởi kiện = đơn kiện
khởi kiện = đi kiện = kiện ra tòa
tòa án = toà = tòa = ra tòa
giao kết hợp đồng = ký hợp đồng = kí hợp đồng
hợp đồng = hđ
bao nhiêu tiền = bao nhiu tiền = mấy đồng = nhiêu tiền
bao nhiêu = bao nhiu = nhiêu
thương tích = bị thương = bị thương tích
hình ảnh = hình của = ảnh của = lấy hình = lấy ảnh
người khác = người ta
nơi làm việc = chỗ làm = nơi làm
lựa chọn = tự chọn = tự do lựa chọn = tự do chọn
giúp việc gia đình = lao động giúp việc gia đình = người giúp việc = osin = ô sin = giúp việc nhà
không xác định thời hạn = vô thời hạn = không thời hạn
kết hôn = cưới = đám cưới = lấy vợ = lấy chồng = cưới vợ = cưới chồng
mang thai = có bầu = có thai = mang bầu = đang bầu
nghỉ thai sản = nghỉ đẻ = nghỉ sinh = nghỉ hộ sản
trả lương chậm = chậm lương = nợ lương = trễ lương = chậm trả lương
bảo hiểm xã hội một lần = bảo hiểm xã hội 1 lần = bảo hiểm một lần = bảo hiểm 1 lần
trợ cấp thất nghiệp = bảo hiểm thất nghiệp = tiền thất nghiệp
như thế nào = thế nào = ra sao = làm sao = như nào = thì sao
trường hợp nào = khi nào = lúc nào = trường hợp gì = lúc nào thì
bình đẳng = bằng nhau = ngang nhau
được không = có được không = đúng luật không = đúng không = có đúng luật không = có sai luật không = sai luật không = có đúng không
gì = những gì = gồm những gì = những loại nào = gồm gì = gồm những loại nào
con = con gái = con trai = con đẻ
cha mẹ = bố mẹ = ba má = ba mẹ = bố mẹ đẻ
phải = fai = phải có = bắt buộc
"""

_IDLE_TEXT = """
em anh chị cô chú bác tôi mình bạn mik mk e ạ dạ ơi vâng hỏi vậy zậy z nha nhé a ad ak admin v thì là mà
của rồi r luôn này đó á à nhỉ ha hả tụi bọn chúng ơ ui thưa chương trình với
"""
_IDLE_FOLDED_TEXT = (
    "a ad ak admin v z e mik mk r da nha nhe oi em anh chi tui toi minh la thi ma vay zay cua"
)
_IDLE, _IDLE_FOLDED = frozenset(_IDLE_TEXT.split()), frozenset(_IDLE_FOLDED_TEXT.split())
_CITED = re.compile(
    r"(?:theo )?(?:n[ộo]i dung )?(?:đi[ểe]m|diem) \w\b,? ?|(?:theo )?(?:n[ộo]i dung )?kho[ảa]n \d+,? ?|"
    r"(?:theo |của |cua )?(?:đi[ềe]u|dieu) \d+,? ?(?:v[ềe] |quy [đd][ịi]nh )?",
    re.IGNORECASE,
)
_HOURS = re.compile(r"\b(\d+) ?(?:h|g)\b", re.IGNORECASE)
_YEARS_OLD = re.compile(r"\b(\d+) ?t\b", re.IGNORECASE)
_TONED = 0.3
"""A text with a smaller share of marked words was typed without diacritics."""


def _sayings() -> dict[tuple[str, ...], tuple[tuple[TypedWord, ...], tuple[TypedWord, ...]]]:
    found = {}
    for line in _SAYINGS.strip().splitlines():
        ways = [phrase(way) for way in line.split("=")]
        for way in ways:
            found[tuple(word.folded for word in way)] = (way, ways[0])
    return found


_KNOWN = _sayings()
_LONGEST = max(map(len, _KNOWN))


def toned(text: str) -> bool:
    """Whether it was typed with diacritics."""
    found = [token for token in tokens(nfc(text)) if token.exact.isalpha()]
    return sum(token.exact != token.folded for token in found) >= _TONED * len(found)


def is_idle(word: TypedWord) -> bool:
    """Whether a word greets, thanks or fills, and says nothing."""
    return word.exact in _IDLE or (word.exact == word.folded and word.folded in _IDLE_FOLDED)


def spelled(text: str, lexicon: Lexicon) -> tuple[TypedWord, ...]:
    """The words of a question, abbreviations and hurried spelling in full, cited articles left out."""
    text = _CITED.sub(" ", nfc(text))
    text = _YEARS_OLD.sub(r"\1 tuổi", _HOURS.sub(r"\1 giờ", text))
    return tuple(word for term in understand(text, lexicon).terms for word in _whole(term))


def _whole(term: QueryTerm) -> Sequence[TypedWord]:
    short = len(term.words) == 1 and term.others and not is_syllable(term.words[0].folded)
    return term.others[0] if short and term.words[0].folded.isalpha() else term.words


def plain(words: Sequence[TypedWord], *, marked: bool) -> tuple[TypedWord, ...]:
    """The words of a question as they are usually put, without what says nothing."""
    said = tuple(_said(words, marked=marked))
    idle = _IDLE if marked else _IDLE_FOLDED
    return tuple(word for word in said if (word.exact if marked else word.folded) not in idle) or said


def _said(words: Sequence[TypedWord], *, marked: bool) -> Iterator[TypedWord]:
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            found = words[at : at + length]
            way = _KNOWN.get(tuple(word.folded for word in found))
            if way and (
                _typed_as(found, way[0]) if marked else length > 1 or not is_syllable(found[0].folded)
            ):
                yield from way[1]
                at += length
                break
        else:
            yield words[at]
            at += 1


def _typed_as(words: Sequence[TypedWord], way: Sequence[TypedWord]) -> bool:
    """Whether words stand for a way to say it: with its diacritics or with none; one alone needs them."""
    if len(way) == 1:
        return words[0].exact == way[0].exact
    return all(w.exact in (k.exact, k.folded) for w, k in zip(words, way, strict=True))


def in_company(words: Sequence[TypedWord], other: Sequence[TypedWord]) -> tuple[TypedWord, ...]:
    """Words typed without diacritics as another question has them beside the same neighbour, or has them at all."""
    after = {(one.folded, word.folded): word for one, word in pairwise(other)}
    before = {(word.folded, one.folded): word for word, one in pairwise(other)}
    alone: dict[str, set[TypedWord]] = {}
    for word in other:
        alone.setdefault(word.folded, set()).add(word)
    found = []
    for at, word in enumerate(words):
        same = alone.get(word.folded, set())
        known = after.get((words[at - 1].folded, word.folded)) if at else None
        if known is None and at + 1 < len(words):
            known = before.get((word.folded, words[at + 1].folded))
        found.append(known or (next(iter(same)) if len(same) == 1 else word))
    return tuple(found)


def weight(word: TypedWord) -> float:
    """How much it says."""
    return 0.3 if is_weak((word,)) else 1.0
