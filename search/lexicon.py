"""Other ways to say it: abbreviations, everyday words for the law's, hurried spelling, numbers.

The table is for editors: one entry a line, judged one by one. Left out because they mean too many
things: CĐ, TT, BNN, NĐ, QĐ, DN, "công ty" for employer, "phạt tiền" for
discipline, "lương cơ bản" for minimum wage. Raise
`LEXICON_VERSION` when an entry changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from media.episodes import Topic
from search.folding import fold, nfc, tokens

LEXICON_VERSION = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed, in its exact and its folded form (see `search.folding`)."""

    exact: str
    folded: str


Phrase = tuple[Word, ...]

# Both ways: who asks for one finds the other.
ABBREVIATIONS: tuple[tuple[str, str], ...] = (
    ("BHXH", "bảo hiểm xã hội"),
    ("BHYT", "bảo hiểm y tế"),
    ("BHTN", "bảo hiểm thất nghiệp"),
    ("TCTN", "trợ cấp thất nghiệp"),
    ("TNLĐ", "tai nạn lao động"),
    ("HĐLĐ", "hợp đồng lao động"),
    ("NLĐ", "người lao động"),
    ("NSDLĐ", "người sử dụng lao động"),
    ("TƯLĐTT", "thỏa ước lao động tập thể"),
    ("BLLĐ", "bộ luật lao động"),
    ("ATLĐ", "an toàn lao động"),
    ("ATVSLĐ", "an toàn vệ sinh lao động"),
    ("BHLĐ", "bảo hộ lao động"),
    ("XKLĐ", "xuất khẩu lao động"),
    ("CĐCS", "công đoàn cơ sở"),
    ("LĐLĐ", "liên đoàn lao động"),
    ("KPCĐ", "kinh phí công đoàn"),
    ("KCN", "khu công nghiệp"),
    ("KCX", "khu chế xuất"),
    ("KCB", "khám chữa bệnh"),
    ("KSK", "khám sức khỏe"),
    ("TNCN", "thu nhập cá nhân"),
    ("CCCD", "căn cước công dân"),
    ("CMND", "chứng minh nhân dân"),
    ("UBND", "ủy ban nhân dân"),
    ("PCCC", "phòng cháy chữa cháy"),
    ("GTGT", "giá trị gia tăng"),
    ("OT", "làm thêm giờ"),
    ("OT", "tăng ca"),
)

# Both ways: everyday speech and the law mean the same.
EQUIVALENTS: tuple[tuple[str, ...], ...] = (
    ("tăng ca", "làm thêm giờ", "làm thêm", "làm ngoài giờ"),
    ("mang thai", "mang bầu", "có thai", "có bầu", "mẹ bầu", "bà bầu", "bầu bí"),
    ("nghỉ thai sản", "nghỉ đẻ", "nghỉ sinh"),
    ("sinh con", "sinh đẻ", "đẻ con"),
    ("đuổi việc", "sa thải", "cho nghỉ việc", "cho thôi việc"),
    ("nghỉ việc", "thôi việc", "chấm dứt hợp đồng lao động"),
    ("nghỉ ngang", "đơn phương chấm dứt hợp đồng lao động", "bỏ việc"),
    ("phép năm", "nghỉ phép", "nghỉ hằng năm", "nghỉ hàng năm"),
    ("thưởng tết", "lương tháng 13", "tháng lương thứ 13"),
    ("trừ lương", "khấu trừ lương", "khấu trừ tiền lương"),
    ("nợ lương", "chậm lương", "chậm trả lương"),
    ("đền bù", "bồi thường"),
    ("sổ bảo hiểm", "sổ BHXH", "sổ bảo hiểm xã hội"),
    ("kết hôn", "đám cưới", "lấy vợ", "lấy chồng"),
    ("ốm đau", "nghỉ ốm", "nghỉ bệnh"),
    ("ký hợp đồng", "kí hợp đồng", "giao kết hợp đồng"),
    ("lương hưu", "hưu trí"),
    ("về hưu", "nghỉ hưu"),
    ("hàng tháng", "hằng tháng"),
    ("hàng năm", "hằng năm"),
    ("trợ cấp thất nghiệp", "bảo hiểm thất nghiệp", "tiền thất nghiệp"),
    ("đình công", "ngừng việc tập thể", "lãn công"),
    ("người giúp việc", "lao động giúp việc gia đình", "ô sin"),
)

# One way: who types the first finds the others too, as the second says less.
NARROWER: tuple[tuple[str, str], ...] = (
    ("bầu", "mang thai"),
    ("mẹ bầu", "thai sản"),
    ("bà bầu", "thai sản"),
    ("đẻ", "sinh con"),
    ("đẻ", "thai sản"),
    ("cưới", "kết hôn"),
    ("quỵt lương", "không trả lương"),
    ("quỵt lương", "nợ lương"),
    ("sếp", "người sử dụng lao động"),
    ("chủ lao động", "người sử dụng lao động"),
    ("lễ tết", "nghỉ lễ"),
    ("ăn giữa ca", "bữa ăn ca"),
    ("ca đêm", "làm việc ban đêm"),
    ("làm đêm", "làm việc ban đêm"),
)

# One way: hurried spelling in queries; nobody says it aloud, so the text has only the second.
SPELLINGS: tuple[tuple[str, str], ...] = (
    ("ko", "không"),
    ("k", "không"),
    ("hok", "không"),
    ("hông", "không"),
    ("dc", "được"),
    ("đc", "được"),
    ("đk", "được"),
    ("đk", "điều kiện"),
    ("đk", "đăng ký"),
    ("j", "gì"),
    ("cty", "công ty"),
    ("lm", "làm"),
    ("ntn", "như thế nào"),
    ("bn", "bao nhiêu"),
    ("bao nhiu", "bao nhiêu"),
    ("ng", "người"),
    ("nv", "nhân viên"),
    ("cn", "công nhân"),
    ("cn", "chủ nhật"),
    ("t7", "thứ bảy"),
    ("vs", "với"),
    ("trc", "trước"),
    ("tgian", "thời gian"),
    ("lđ", "lao động"),
    ("bh", "bảo hiểm"),
    ("hđ", "hợp đồng"),
    ("sx", "sản xuất"),
    ("nghỉ vc", "nghỉ việc"),
    ("vc lm", "việc làm"),
    ("khg", "không"),
    ("hem", "không"),
    ("bnhiu", "bao nhiêu"),
    ("bnhieu", "bao nhiêu"),
    ("bit", "biết"),
    ("bik", "biết"),
    ("ms", "mới"),
    ("đth", "điện thoại"),
    ("sđt", "số điện thoại"),
    ("ngta", "người ta"),
    ("hnay", "hôm nay"),
    ("cviec", "công việc"),
    ("lv", "làm việc"),
    ("nc ngoài", "nước ngoài"),
    ("thág", "tháng"),
    ("thg", "tháng"),
    ("lg", "lương"),
    ("gđ", "gia đình"),
    ("gđ", "giám đốc"),
    ("tc thai sản", "trợ cấp thai sản"),
    ("tc thất nghiệp", "trợ cấp thất nghiệp"),
    ("hs", "hồ sơ"),
)

_VOWELS = frozenset("aeiouy")
_ONES = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
_UNITS = [
    "tháng",
    "ngày",
    "năm",
    "tuần",
    "giờ",
    "phút",
    "lần",
    "tuổi",
    "triệu",
    "nghìn",
    "ngàn",
    "trăm",
    "tỷ",
    "đồng",
    "người",
    "ca",
    "buổi",
    "khoản",
    "điều",
    "phần",
]


def phrase(text: str) -> Phrase:
    """The words of `text`."""
    return tuple(Word(token.exact, token.folded) for token in tokens(nfc(text)))


def number_words(number: int, zero: str = "linh") -> str:
    """How a number from 0 to 999 is read: 15 is mười lăm, 21 hai mươi mốt, 105 một trăm linh (or lẻ) năm."""
    hundreds, rest = divmod(number, 100)
    if hundreds:
        gap = f"{zero} " if 0 < rest < 10 else ""
        return f"{_ONES[hundreds]} trăm {gap}{number_words(rest) if rest else ''}".strip()
    tens, ones = divmod(rest, 10)
    if not tens:
        return _ONES[ones]
    head = "mười" if tens == 1 else f"{_ONES[tens]} mươi"
    tail = {0: "", 1: "một" if tens == 1 else "mốt", 5: "lăm"}.get(ones, _ONES[ones])
    return f"{head} {tail}".strip()


class Lexicon:
    """Looks up the other ways to say what a query begins with."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """`pairs` are (as typed, also look for)."""
        self._entries: dict[tuple[str, ...], list[tuple[Phrase, Phrase]]] = {}
        self._longest = 1
        self._words: set[str] = set()
        for typed, other in pairs:
            key, value = phrase(typed), phrase(other)
            if key and value and key != value:
                self._entries.setdefault(tuple(w.folded for w in key), []).append((key, value))
                self._longest = max(self._longest, len(key))
                self._words.update(word.folded for word in (*key, *value))

    def has(self, folded: str) -> bool:
        """Whether any entry has the word, given in folded form."""
        return folded in self._words

    def longest(self, words: Sequence[Word]) -> tuple[int, tuple[Phrase, ...]]:
        """Length of the longest entry that `words` begin with (at least 1), and its other phrases."""
        for length in range(min(self._longest, len(words)), 0, -1):
            others = self._others(words[:length])
            if others:
                return length, others
        return 1, ()

    def _others(self, words: Sequence[Word]) -> tuple[Phrase, ...]:
        entries = self._entries.get(tuple(w.folded for w in words), ())
        return tuple(dict.fromkeys(value for key, value in entries if _typed_as(words, key)))


def _typed_as(words: Sequence[Word], key: Phrase) -> bool:
    """Whether `words` may stand for `key`: with its diacritics, or with some left out.

    A syllable alone needs them, as de may be đẻ or để; abbreviations do not.
    """
    (first, *more) = key
    if not more and first.folded != first.exact and set(fold(first.exact)) & _VOWELS:
        return words[0].exact == first.exact
    return all(w.exact in (k.exact, k.folded) for w, k in zip(words, key, strict=True))


def _both_ways(groups: Iterable[Sequence[str]]) -> Iterable[tuple[str, str]]:
    return ((a, b) for group in groups for a in group for b in group if a != b)


def _number_pairs() -> Iterable[tuple[str, str]]:
    """Numbers before what is counted: năm alone is also a year, ba a father, sau means after."""
    for number in range(1, 32):
        for unit in _UNITS:
            yield f"{number} {unit}", f"{number_words(number)} {unit}"
            yield f"{number_words(number)} {unit}", f"{number} {unit}"


def _article_pairs() -> Iterable[tuple[str, str]]:
    """Articles of a law as written and as read aloud: 250 are enough for the Labour Code."""
    for word, last in (("điều", 250), ("khoản", 31), ("chương", 31)):
        for number in range(1, last + 1):
            for read in dict.fromkeys(number_words(number, zero) for zero in ("linh", "lẻ")):
                yield f"{word} {number}", f"{word} {read}"
                yield f"{word} {read}", f"{word} {number}"


def lexicon_of(topics: Iterable[Topic] = ()) -> Lexicon:
    """The table and the synonyms editors gave to topics."""
    names = [(topic.name_vi, topic.name_en, *topic.synonyms) for topic in topics]
    return Lexicon(
        [
            *_both_ways(ABBREVIATIONS),
            *_both_ways(EQUIVALENTS),
            *_both_ways(names),
            *NARROWER,
            *SPELLINGS,
            *_number_pairs(),
            *_article_pairs(),
        ]
    )


LEXICON = lexicon_of()
