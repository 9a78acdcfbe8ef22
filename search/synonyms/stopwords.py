"""Words that carry little meaning in a question.

Kept minimal and never dropped: they rank, they only aren't required. Con, tháng, ngày, năm, việc, làm,
người carry meaning in this archive and are not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from search.synonyms.lexicon import TypedWord
from search.text.folding import fold

_QUESTION = (
    "ai gì nào sao đâu mấy nhiêu thế hả hở không chưa ko k hok hông khg hem j nhỉ ntn bn bnhiu bnhieu"
)
_LINK = (
    "là thì mà và hoặc hay của cho với về ở tại trong trên từ đến để do bởi vì theo như nếu khi cũng vẫn vs"
)
_ASPECT = "đã đang sẽ bị được đc dc có phải cần muốn nên r rồi"
_POLITE = "em anh chị cô chú bác tôi mình bạn mik mk e ạ dạ à ơi vâng xin hỏi vậy zậy z nha nhé"
_SHAPE = "các những cái này kia đó ấy đây"
_ENGLISH = "the a an of to in on for is are was were do does did how what when which who can i my"

_WEAK = frozenset(" ".join((_QUESTION, _LINK, _ASPECT, _POLITE, _SHAPE, _ENGLISH)).split())

# Without tones these are as likely a word that matters: thi, ma, tai nạn, chủ nhật, chứng, cân, đền bù …
_AMBIGUOUS = frozenset(
    [
        "thi",
        "ma",
        "o",
        "chua",
        "tai",
        "chu",
        "den",
        "de",
        "can",
        "tu",
        "bac",
        "nay",
        "do",
        "con",
        "cai",
        "nao",
    ]
)
_WEAK_FOLDED = frozenset(map(fold, _WEAK)) - _AMBIGUOUS

_PAIRS = ("bao nhiêu", "bao lâu", "bao giờ", "thế nào", "tại sao", "vì sao", "khi nào", "làm sao", "là gì")
# Each word with or without its diacritics; bao alone may be bảo (hiểm), sao be sao (kê).
_WEAK_PAIRS = frozenset(
    typed for pair in _PAIRS for typed in product(*((word, fold(word)) for word in pair.split()))
)


def is_weak(words: Sequence[TypedWord]) -> bool:
    """Whether these one or two words, as typed, say little about what is looked for."""
    if len(words) == 2:
        return (words[0].exact, words[1].exact) in _WEAK_PAIRS
    (word,) = words
    return word.exact in _WEAK or (word.exact == word.folded and word.folded in _WEAK_FOLDED)
