"""English: operators of calls, hosts of interviews, chairs of committees."""

from __future__ import annotations

import re

from transcribe.segmenting.languages.base import NEVER, LanguagePack, listed, phrases, words

_TITLE = r"(?:mr|mrs|ms|miss|dr|doctor|professor|sir|dame|lord|minister|senator|monsieur|madame|the hon|the honourable)"
_TITLED = rf"{_TITLE}\b\.?\s*[a-z]"
_NAMED = r"[a-z][\w'’-]+"
_ORDER = "(?:first|next|second|third|fourth|fifth|last|final|following)"
_SAYS = r"(?:he|she|they|who|asks|asked|would|wants|wanted|writes|wonders|has|is|says)\b"
_ASKED = r"(?:if|whether|what|how|why|when|where|who|which|can|could|do|does|did|is|are|am|will|would|should|may|must)"
_WE = "(?:we(?:'ll|’ll| will| can| would| are going to| have)|i(?:'ll|’ll| will))"

ENGLISH = LanguagePack(
    code="en",
    hand_over=phrases(
        rf"(?:our |the |your |a |and |so |with |one |another )*{_ORDER} (?:set of |round of |couple of |follow-up |telephone |phone )*questions?"
        r"(?: (?:we have|for today|a follow-up|today|now|this morning|will|would|is|are|it|that|here|on|the|phone|line|lines|comes?|"
        r"coming|be|asked|also))*"
        r"(?: from|(?: will)?(?: now)? (?:goes|go|going) to| comes? to)",
        rf"(?:take|have|with|hear|next to|get|move to|go to|for) (?:our|the|your|a|another|that)? ?{_ORDER}? ?(?:follow-up )?"
        r"questions? (?:\S+ ){0,2}?from",
        r"(?:from|to|on) (?:the|a) line of",
        rf"{_WE} (?:now |then )?(?:take|hear) (?:our|the|your) {_ORDER} question",
        rf"{_ORDER} (?:caller|participant|in line|in the queue) (?:now |today )?(?:is|comes from|will be)",
        rf"{_ORDER} one (?:now |today )?(?:comes|is|is coming) from",
        r"there(?:'s| is) a (?:follow-up )?question from|question (?:here )?(?:comes|came|coming) from|questions? (?:now )?(?:comes? )?from (?:the )?"
        r"(?:phone|web|line|audience|chat)",
        r"(?:a )?(?:listener|viewer|reader|worker|member) (?:asks|wants to know|writes|has asked|would like to know)",
    ),
    asks=phrases(
        r"(?:your|the) line (?:is|'s) (?:now )?open|you have the floor|has the floor|the floor is yours",
        r"go ahead with your questions?|please (?:now )?ask your questions?|your question please",
        rf"i now call (?:on )?[a-z]+|i call (?:on (?!(?:the|all|you|this|that|our)\b)[a-z]+|{_TITLED})",
    ),
    not_before=re.compile(
        r"\b(?:for|no further|no more|to ask|ask|asking|your|my|answer|answered|answering|about|on|in|with|wait for|like|of|"
        r"until|before|when)\s+$"
    ),
    mistaken=NEVER,
    named=phrases(
        rf"{_WE}(?: now| then| just| also)?(?: go| move| turn| come| switch| continue| hear| proceed| start| begin)"
        rf"(?: first| next| now| back| over| on)*(?: to| with| from) (?:{_TITLED}|(?P<name1>{_NAMED}))",
        rf"(?:go|go on|move|moving|going|turning|welcome) (?:first|next|now|back)? ?to (?:{_TITLED}|(?P<name2>{_NAMED}))"
        r"(?= (?:\S+ ){0,4}(?:at|with|from|of|please|your line))",
        rf"{_WE} (?:now )?(?:have|got|have got|'ve got) (?:\S+ ){{0,3}}questions? (?:\S+ ){{0,9}}?from (?:{_TITLED}|(?P<name3>{_NAMED}))",
        rf"(?:{_TITLED}\S+|(?P<name4>{_NAMED})) (?:has|have|has got)(?: got)? (?:some|a|the next|the first|a couple of|a few) questions?",
        rf"{_WE} go (?:now|next|first) to (?P<name6>{_NAMED})|we go (?:now|next|first) to (?P<name7>{_NAMED})",
        rf"{_ORDER} question (?P<name8>{_NAMED})(?= (?:\S+ )?(?:with|from|at|of)\b)",
        rf"we (?:now )?have (?P<name9>{_NAMED}) (?:\S+ )?on the line",
        rf"(?:next|now) (?:is|we have|up is|it's) (?P<name5>{_NAMED})(?= (?:\S+ )?(?:with|from|at)\b)",
    ),
    invitation=phrases(
        r"(?:please )?go ahead(?: please| sir| madam)?|please proceed|please ask your questions?|you may (?:now )?"
        r"(?:proceed|begin|ask)",
        r"please (?:tell us|tell them|answer|explain)|over to you",
        r"(?:can|could|may|would) i (?:ask|invite) (?P<who>(?:you |mr |mrs |ms |dr |professor )[^.?!]{0,60})"
        r"(?: to (?:answer|respond|reply))",
        r"(?P<called>(?:mr|ms|mrs|dr|professor|minister) [a-z]+) (?:would you|could you|please) "
        r"(?:answer|respond|take|reply)",
    ),
    who_ends=phrases("to answer|to respond|to reply|would you|could you|please"),
    invites_asker=NEVER,
    opening=phrases(
        r"thanks? (?:you )?(?:for|very much for)(?: \w+)? questions?|good question|great question|that(?:'s|’s| is) a "
        r"(?:very )?(?:good|great|interesting|really good) question",
        r"yeah|yes|sure|absolutely|well|thank you|thanks|so|i think|no|right|okay|look",
    ),
    thanks=phrases(
        r"thank you(?: very much| so much| again)?|thanks(?: very much| a lot| so much)?|(?:great|okay|perfect) thank you"
    ),
    closing=phrases(
        r"(?:there are|we have|with|have) no (?:further|other|more) questions",
        r"(?:that|this|which) (?:concludes|brings us to the end|completes|does conclude)",
        r"(?:hand|turn|pass|give)(?: \S+){0,4} back(?: over)? to (?:\S+ ){0,6}(?:closing|concluding|final|management|host|remarks)",
        r"(?:for|any) (?:closing|concluding) (?:remarks|comments)|closing remarks|you may now disconnect",
        r"(?:we(?:'ve|’ve| have)) (?:come to the end|run out|reached the end) of|(?:this|the) meeting (?:is|stands) adjourned",
        r"thank you (?:all )?for (?:watching|listening|joining us|being on the show)",
    ),
    transition=phrases(
        r"(?:moving|turning|move|turn|go|going) (?:on|now|next|over) (?:to|now to)|(?:move|moving|turn|turning) to (?:slide|page)?"
        r"|(?:we'll|we’ll|we will|i'll|i’ll) (?:now )?(?:move|proceed|turn|go on|go straight|talk)(?: now| on)?(?: to| into| a bit| about| with)",
        r"some (?:more )?(?:specific )?questions? (?:now )?(?:on|about|around|in relation to|relating to|regarding)",
        r"questions? now (?:on|about|around|from)|the next (?:set of )?(?:questions?|item|issue|topic|section|subject|area)",
        r"item (?:\w+ )(?:on|of) (?:the|our) agenda|our next (?:item|topic|section|subject)|next item",
        r"we(?:'re| are|’re) going to (?:move|go|talk|turn)(?: on| now)?(?: to| about)?|let's (?:talk|move|turn) (?:on |now |a bit )?(?:about|to)",
        r"before we (?:move|go|get|turn|dive|begin)|our final (?:set|question|topic)|questions? on",
        r"begin (?:the|our) question and answer|question and answer (?:session|part)|questions and answers",
    ),
    asker=re.compile(
        r"\b(?:from|(?:goes|go|going|move|moving|next|now|over|on|line) to|of|with|next is|have|(?:caller|listener)(?: now| today)? is)\s+"
        r"(?:the line of\s+|a line of\s+|line of\s+|the line\s+)?"
        r"(?P<who>(?:(?:mr|ms|mrs|dr)\.?\s+)?(?P<name>(?!(?:the|a|an|our|your|line|comes|phone|web|english|russian|question|closing|management)\b)"
        r"[a-z][\w'’-]+(?:\s+(?!(?:with|from|at|of|please|your|go|has|is|who|on|in|for|he|she|they|asks)\b)[a-z][\w'’-]+){0,3}))"
        rf"(?:[\s,]+(?:(?:with|from|at|of|in)\s+|(?=an?\s))(?P<where>(?:(?!please\b|your line|go ahead|{_SAYS})[\w&'’.-]+\s?){{1,6}}?)(?=[.,?!]|please|your line|go ahead|{_SAYS}|$))?"
        r"|(?:\bfrom\s+|\b(?=an?\s+(?:listener|viewer|reader|worker|member|caller)\b))"
        r"(?P<public>(?:an?(?!\s+line\b)|one of (?:our|the)|the(?!\s+(?:line|lines|phone|phones|web|internet|audience|chat|queue|floor|operator|company|law)\b))\s+"
        rf"(?:(?!\s+(?:{_SAYS}|please\b|and\s+(?:he|she|they)\b))[^.,?!:;]){{3,70}})"
    ),
    introduction=NEVER,
    not_asker=re.compile(r"\bthank\s+$"),
    question_lead=re.compile(
        r"^[\s,.:;–-]*(?:(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|thank you(?: very much)?|thanks(?: a lot)?|"
        r"yes|yeah|okay|so|um|uh|and|chair|mr chair|mr\. chair|everyone|everybody|team|guys|all|please go ahead|"
        r"(?:(?:he|she|they|who|(?:the |this )?\w+) )?(?:asks?|asked|writes|(?:wants|wanted|would like|'d like) to (?:know|ask)|is (?:asking|wondering)|wonders)"
        r"(?: us| you)?(?: about)?|(?:he|she|they|who) (?:has|have|had) (?:a|another) question(?: about| on)?|(?:his|her|their|the) question is(?: about)?|to know|your line is (?:now )?open|for taking (?:my|the) questions?|minister)(?!\w)[\s,.:;–-]*)"
    ),
    asks_now=re.compile(
        r"\b(?:can i (?:just )?ask(?: you)?|i(?:'d| would) like to ask(?: you)?|my question is|i(?:'m| am) (?:just )?wondering|"
        r"he asks|she asks|(?:would like|wants|wanted) to know)(?!\w)[\s,:]*"
    ),
    interrogative=re.compile(
        r"(?:^|(?<=[.,?!;] )|\b(?:so|and|but|then|because|like|well|okay|now|curious|wondering|know|ask) )"
        r"(?:what|how|why|when|where|who|which|do|does|did|is|are|was|were|can|could|would|will|should|have|has)"
        r" (?:about |kinds? of |sort of |much |many |often |long |else |exactly |would |does |do |did )?"
        r"(?:you|your|we|it|this|that|they|there|the|someone|people|is|are|do|does|did|was|were|would|can|should)\b"
        rf"|\b(?:asks?|asked|know|wonders?|wondering)[\s,:]+{_ASKED}\b|\b(?:he|she|they) (?:asks?|asked|wants? to know|would like to know)(?! (?:you|me|us|him|her|them|for)\b)"
        rf"|(?:^|(?<=[.,?!;] )|\band ){_ASKED}(?<!if)(?<!whether) (?:i|my|pays?|he|she|his|her|companies|workers)\b"
        r"|\b(?:can|could|may|would) (?:i|you|we) (?:just |also |maybe |please |first )*(?:ask|give|tell|explain|talk|comment|clarify|share|elaborate|"
        r"remind|say|speak|describe|walk)|\b(?:tell us|tell me|tell people|what about|how about|talk to us about|give us|"
        r"i wonder|i'm curious|any thoughts|what's your|what are your)\b"
    ),
    rhetorical=re.compile(
        r"(?:,|\b)\s*(?:right|you know|you know what i mean|okay|isn't it|doesn't it|don't they|huh|correct|yeah|no|see|really)\W*$"
    ),
    addressed=re.compile(r"\b(?:you|your|you're|you've|yours|yourself|tell us|tell me|talk about)\b"),
    reported=re.compile(
        r"\b(?:like,|(?:i'm|he's|she's|they're|you're|we're|be) like|hey|someone|somebody|wonder|they ask|asks|say|saying|said|"
        r"becomes|question is|imagine|suppose|think about)\b|\bwe\b"
    ),
    goes_on=re.compile(
        r"(?:and|but|because|or|you|if|then|the|like|well|so|um|i mean|i think|i guess|that|there)\b"
    ),
    guest=phrases(
        r"(?:with (?:me|us)|joining (?:me|us)|(?:our|my) guest|here to answer (?:your|our|the) questions?|answering (?:your|our) questions?)"
        r"(?: today| here| now| tonight| this evening| this morning| in the studio)* (?:is|will be) "
        r"(?P<who>(?:an?|the)\s(?:(?!\s(?:welcome|good|thank|hello|who|to answer)\b)[^.,?!]){3,70}"
        r"|(?:(?!\s(?:welcome|good|thank|hello|who|to answer)\b)[^.,?!]){3,40}(?:,\s(?:an?|the|our)\s[^.,?!]{3,60})?)"
    ),
    titles=re.compile(""),
    word_classes=(),
    new_sentence=re.compile(
        r"(?:How|What|When|Where|Why|Who|Which|Can|Could|Do|Does|Did|Is|Are|Am|Would|Should|My|He|She|We|They|It|This|But|So|If)\b"
    ),
    first_title="Opening",
    bigrams=False,
    weak=words(
        "a an the and or but if of to in on at by for from with without into over under about as is are was were be been being "
        "am do does did done doing have has had having will would shall should can could may might must no nor not so than then "
        "that this these those there here it its it's i i'm i'd you're we're they're you he she we they my me him her us them "
        "your his our their mine yours who whom whose which what when where why how all any both each every few more most "
        "other some such only own same too very just also like really think know mean going go get got one two three four five "
        "six seven ten lot thing things yeah okay right well thank thanks please say said says see look want wants um uh kind sort "
        "actually because don't that's there's i've we've you've let's let now question questions chair mr mrs ms dr first next "
        "last good morning afternoon evening today tonight time way much many still even something maybe make made makes take "
        "takes taken come comes back out up down off been quite bit i'll we'll you'll they've didn't can't won't isn't doesn't "
        "he's she's what's need needs needed work working put use used using new year years month months day days hour hours "
        "week weeks obviously particularly terms term around through least never ever always often again after before during until "
        "while per extra another else able sure certainly indeed obvious different important number numbers point point "
        "course example fact sense issue issues forward able trying try feel able great little big long short whole part "
        "asks ask asked tell tells told answer answers give gives given find found keep show shows help happen happens happened "
        "percent normal clear talk talking hear heard start started welcome hello bye goodbye bring set end against between "
        "across within whether however therefore perhaps probably pretty definitely basically literally absolutely exactly "
        "hope believe understand guess suppose wonder seems seem looking coming getting being able best better far high higher low "
        "second third once already yet since though although else rather instead together away clearly specific specifically"
    ),
    generic=listed(
        "people, company, companies, employer, employers, worker, workers, work, members, member, minister, committee, government, "
        "program, programme, show, episode, studio, union, line, call, edition, listener, listeners, job, person, everybody, "
        "everyone, someone, somebody, guy, guys, stuff, place, world, life, country, week, law, quarter, team, area, areas, level, support, group, order, process"
    ),
    taxonomy=listed(
        "overtime, late pay, pay slip, payslip, minimum wage, wages, deductions, night work, night shift, annual leave, paid leave, "
        "sick leave, maternity leave, paternity leave, public holiday, public holidays, holiday, holidays, probation, employment contract, notice period, "
        "dismissal, redundancy, severance pay, social insurance, health insurance, unemployment benefit, pension, work permit, "
        "workplace accident, occupational disease, safety, protective equipment, trade union, collective agreement, strike, "
        "harassment, discrimination, pregnancy, childcare, working hours, rest day, bonus, Tet bonus, dormitory, housing"
    ),
)
