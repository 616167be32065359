"""Makes the tokenizers and the golden cases of this folder with the reference.

    pip install tokenizers==0.23.3 sentencepiece==0.2.3 protobuf && python make.py

Every sentence is invented. Lines are JSON: the tokenizer, one text or two, the limit, the numbers, the types.
"""

import json
import random

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

SENTENCES = [
    "The train is late again, well done!! @railways #monday",
    "I love my new phone, its battery lasts two days :) https://example.com/phone",
    "Coffee at the café was 3.50€, naïve me paid 12 for two…",
    "They've said we'll see; I'm sure it's fine, don't worry, she'd know, you're late",
    "Größe 42 passt, die Straße ist weiß. ÄÖÜ äöü ẞ",
    "¿Dónde está la biblioteca? ¡Mañana será otro día! Ñandú",
    "Où est la gare ? L'été à Noël, ça va — « très bien »",
    "Сегодня отличная погода, поехали на озеро! Ёлка и йогурт",
    "اليوم الجو جميل جدا في المدينة، شكراً لكم",
    "היום מזג האוויר נעים מאוד",
    "आज मौसम बहुत अच्छा है, धन्यवाद",
    "今天天气很好，我们去公园吧。東京は晴れです。カフェで待つね",
    "오늘 날씨가 정말 좋네요 ㅋㅋㅋ",
    "วันนี้อากาศดีมาก",
    "İstanbul'da hava çok güzel, ışık İYİ",
    "e\u0301te\u0301 o\u0302\u0323 \u1e69 s\u0323\u0307 s\u0307\u0323 q\u0307\u0323",
    "👩‍👩‍👧 👍🏽 🇩🇪 ❤️ 🤷🏽‍♀️ so happy 😂😂",
    "ＦＵＬＬ　ＷＩＤＴＨ １２３ ﬁne oﬀer ½ № ㎏ Ⅳ",
    "tabs\tand\nlines\r\nand\u00a0spaces\u2003wide\u3000end  two   three    ",
    "control\u0000chars\u0007here\u200bzero\u200dwidth\ufeffmark\ufffdreplaced\u00adsoft",
    "unaffable unbelievable reembarked internationalisation " + "x" * 101 + " " + "y" * 100,
    "[brackets] {braces} <angles> a_b c-d e/f g\\h $5 + 3 = 8 ~ ^ ` | %100",
    "'s 't 're 've 'm 'll 'd 'S 'RE ''s don''t",
    "1234567890 3,14 2.718 1e-5 ²³ ٣٤٥ ५६",
    "\u1100\u1161\u11a8 가각힣 \u212b \u2126 \u00c5 ≠ ≮ \u037e",
    "▁marks▁in▁text ▁ ▁▁",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝒻𝒶𝓃𝒸𝓎 ⅷ ꙮ \U0001d15e \U00020000 \U0002f800 \ue000",
    " leading and trailing ",
    "",
    " ",
    "\u0301",
]


def save(name, tokenizer, golden):
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(f"{name}.json")
    chooser = random.Random(1)
    for text in SENTENCES:
        ids = tokenizer.encode(text).ids
        case = {"tokenizer": name, "text": text, "limit": 100000, "ids": ids}
        golden.write(json.dumps(case, ensure_ascii=False) + "\n")
    for _ in range(12):
        first, second = chooser.choice(SENTENCES), chooser.choice(SENTENCES)
        limit = chooser.randrange(6, 50)
        tokenizer.enable_truncation(limit)
        single, pair = tokenizer.encode(first), tokenizer.encode(first, second)
        case = {"tokenizer": name, "text": first, "limit": limit, "ids": single.ids}
        golden.write(json.dumps(case, ensure_ascii=False) + "\n")
        case |= {"second": second, "ids": pair.ids, "types": pair.type_ids}
        golden.write(json.dumps(case, ensure_ascii=False) + "\n")
    tokenizer.no_truncation()


def word_pieces(name, golden, **rules):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(**rules)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(
        SENTENCES, trainers.WordPieceTrainer(vocab_size=420, special_tokens=specials, show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    save(name, tokenizer, golden)


def byte_pairs(name, golden, adds_space):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=adds_space)
    tokenizer.train_from_iterator(
        SENTENCES,
        trainers.BpeTrainer(
            vocab_size=400, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"], show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=adds_space)
    save(name, tokenizer, golden)


def unigram(golden):
    with open("/tmp/sentences.txt", "w") as file:
        file.write("\n".join(text.replace("\n", " ").replace("\0", "") for text in SENTENCES))
    # A few rules in place of the whole of NFKC, whose table is large: source and target, code points in hexadecimal.
    rules = {"ﬁ": "fi", "ﬀ": "ff", "½": "1⁄2", "№": "No", "\u3000": " ", "\u00a0": " ", "\u2003": " ", "\t": " ",
             "\n": " ", "\r": " ", "e\u0301": "é", "o\u0302\u0323": "ộ", "\u212b": "Å", "\u200b": " ", "\u00ad": "",
             "Ⅳ": "IV", "\u1100\u1161\u11a8": "각", "Ａ": "A", "Ｆ": "F", "Ｕ": "U", "Ｌ": "L"}
    with open("/tmp/rules.tsv", "w") as file:
        for source, target in rules.items():
            file.write(" ".join(f"{ord(c):X}" for c in source) + "\t" + " ".join(f"{ord(c):X}" for c in target) + "\n")
    sentencepiece.SentencePieceTrainer.train(
        input="/tmp/sentences.txt", model_prefix="/tmp/unigram", vocab_size=380, model_type="unigram",
        normalization_rule_tsv="/tmp/rules.tsv", minloglevel=2)
    model = sentencepiece_model_pb2.ModelProto()
    with open("/tmp/unigram.model", "rb") as file:
        model.ParseFromString(file.read())
    vocabulary = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    vocabulary += [(piece.piece, piece.score) for piece in model.pieces[3:]] + [("<mask>", 0.0)]
    precompiled = normalizers.Precompiled(model.normalizer_spec.precompiled_charsmap)
    tokenizer = Tokenizer(models.Unigram(vocabulary, 3))
    tokenizer.normalizer = normalizers.Sequence([precompiled, normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True)])
    save("unigram", tokenizer, golden)
    tokenizer.normalizer = normalizers.Strip(left=True, right=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    save("unigram-first", tokenizer, golden)


with open("golden.jsonl", "w", encoding="utf-8") as golden:
    word_pieces("wordpiece", golden)
    word_pieces("wordpiece-cased", golden, lowercase=False)
    byte_pairs("bytepairs", golden, adds_space=False)
    byte_pairs("bytepairs-space", golden, adds_space=True)
    unigram(golden)
