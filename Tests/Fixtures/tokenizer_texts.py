"""Texts that tokenizers get wrong, for the scripts that make their goldens."""

TEXTS = [
    # Spaces and newlines
    "", " ", "  ", "   ", "\t", "\n", "\n\n", "\r\n", "\r\n\r\n", " \n", "\n ", "  \n  \n", "\n  x", "a\n\n\nb",
    "a \n b",
    "\t\tx", " \t x", "x ", "x  ", "x   y", "   x", "x\u00a0y", "x\u3000y", "\u2003 x", "\u0085x", "\u2028x\u2029",
    # Contractions
    "Hello world", " Hello  World!", "Hello, y'all! How's it going?", "I'm you're he'll we've they'd isn't it's",
    "I'M YOU'RE HE'LL WE'VE THEY'D ISN'T IT'S", "'s 't 're 've 'm 'll 'd", "''s '' ''' 'x 'S'T", "'", "' s", "'r 'v 'l",
    "don''t", "a'sb", "l'été", "'ſ x'ſ", "’s don’t", "ABC's XYZ'LL Don'T", "x'", "x'l",
    # Numbers
    "1", "12", "123", "1234", "12345678901", " 1 12 123 1234", "3.14159", "1,234,567.89", "0x1F 1e-9 10^6", "v1.2.3",
    "a1b22c333d4444", "١٢٣٤", "½²Ⅷ", "१२३४", "1١ 2", "𝟘𝟙𝟚𝟛", "第1章　第22节",
    # Punctuation and code
    "x=1;y=22;", "foo_bar(baz[0])", "if (a != b) { return *p++; }\n", "/* c */ // d\n", "http://a.b/c?d=e&f#g",
    "a/b/c\n",
    "!!/\n/x", "...\n\n...", "!?\r\n//", "!/\n", "<html>\n\t<body class=\"x\">\n", "$100 + 50% = ~^|`",
    "`code` ``` ~~~",
    "a+b<=c>=d^e~f|g`h$i", "--- *** ___ ===", "«» “”…", "€£¥",
    "Mary  had\ta little\r\nlamb;\nits fleece… was ‘white’  ",
    # Case
    "CamelCaseString HTMLParser iPhone", "ALLCAPS lower Mixed mIXED", "ÉCOLE école École ÉCOLe aBÉd", "Жизнь ЖИЗНЬ",
    "ÄÖÜäöüß STRAẞE", "ǅʰª", " Éa", "!É", "\tÉCOLE",
    # Scripts, marks, symbols
    "x\u0301y e\u0301e\u0301 \u0301", " \u0301a", "n\u0303", "!!\u0301 ..\u0301a", "你好，世界！", "日本語のテキスト。", "한국어 문장", "السلام عليكم",
    "שלום",
    "हिन्दी में", "ไทยภาษา", "Tiếng Việt", "Ελληνικά", "a\u0300\u0301\u0302 zalgo\u0336", "café cafe\u0301", "Å K ＡＢ１２",
    "English и русский 和中文 123 mixed混合text", "😀", "😀😁 x", "👨‍👩‍👧", "🇫🇷", "👍🏽!", "❤\ufe0f", "a\u200bb",
    "\ufeffx", "\U00020000\U0002a6d6", "\U0010ffff", "\ufffd", "\ue000", "\x00", "a\x00b", "\x01\x1f\x7f", "\x0b\x0cx",
    "\x1c\x1d",
    "▁", "▁x", " ▁ x", "a▁b", "▁▁ ▁", "Ġ", "Ġa Ċ",
    # Long runs
    "a" * 36, "ab" * 12, " " * 40 + "x", "\n" * 14, "-" * 35, "1" * 19,
    # Special tokens, and words that only a token spells
    "<s>", "</s>", "<unk>", "a<s>b</s>c", "<|im_start|>user\nhi<|im_end|>\n", " <|end|> x <|end|>", "<|im_start",
    "<start_of_turn>user\nhi<end_of_turn>\n", " <|endoftext|> x", "<unk>  x</s>  <s>  y", "<0x0A>", "<0xE2>x",
    "<tool> x <tool>\t<tool>", "ab<x>ab<x", "<x><x", "<x><x><x><x>", "<<x>>", "<tool><x>", "<x><x>-<x>",
    "\n\n\n<x>\n\n",
    "<two words>x<two  words>",
    "<fim_prefix>a<fim_suffix>b", "strawberry strawberries Strawberry", "world  world", "unreachable", "ends so",
    "endso",
]  # fmt: skip
