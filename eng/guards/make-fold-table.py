#!/usr/bin/env python3
"""Writes src/FuncAiSecure.Core/Guards/Normalization/fold.bin, the table behind the guards' normalised views.

usage: make-fold-table.py CONFUSABLES_JSON [UCD_FOLDER]

CONFUSABLES_JSON: data.json of the npm package unhomoglyph 1.0.6 (Unicode's confusables as a JSON object).
UCD_FOLDER: Debian's unicode-data 15.0 (default /usr/share/unicode), for DerivedCoreProperties.txt.
Compatibility forms, case folding and names come from Python's own unicodedata (14.0 in Python 3.11).

Record: code point (3 bytes, little endian), class (0 letter, 1 hidden, 2 mark), skeleton (an ASCII small letter or digit that the
sign is mistaken for, a capital where it is only drawn like the letter, or 0), count, that many UTF-16 units. A code point without a record stands for itself.
"""
import json
import pathlib
import re
import struct
import sys
import unicodedata

MARKS = [(0x300, 0x36F), (0x483, 0x489), (0x591, 0x5BD), (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670),
         (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F)]
STRIPPED_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
HIDDEN, MARK = 1, 2
FILLERS = {0x115F, 0x1160, 0x3164, 0xFFA0}  # Hangul fillers: default-ignorable, yet as wide as a blank
BRAILLE = {dots: letter for letter, dots in zip(
    "abcdefghijklmnopqrstuvwxyz",
    "1 12 14 145 15 124 1245 125 24 245 13 123 134 1345 135 1234 12345 1235 234 2345 136 1236 2456 1346 13456 1356".split())}
# Letters that are only drawn like Latin ones. They count in words that have Latin letters too; their capitals here say so in the table.
DRAWN_ALIKE = dict(zip("бвджзийкмнптфцчшщъьэяєґђ", "BBAXENNKMHNTOUYWWBBERERH")) | dict(zip("βδεζκλμξπτφχψω", "BDEZKLUENTOXWW")) | {"Δ": "A", "Λ": "A", "Ω": "O"}


def is_mark(cp):
    return any(low <= cp <= high for low, high in MARKS) and unicodedata.category(chr(cp)).startswith("M")


def default_ignorables(ucd):
    for line in (ucd / "DerivedCoreProperties.txt").read_text().splitlines():
        match = re.match(r"([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*Default_Ignorable_Code_Point", line)
        if match:
            low = int(match[1], 16)
            yield from range(low, int(match[2] or match[1], 16) + 1)


def without_marks(text):
    kept = []
    for char in text:
        if is_mark(ord(char)):
            continue
        if unicodedata.name(char, "").split(" ")[0] in STRIPPED_SCRIPTS:
            char = "".join(c for c in unicodedata.normalize("NFD", char) if not is_mark(ord(c)))
        kept.append(char)
    return "".join(kept)


def fold(char):
    for _ in range(4):
        folded = without_marks(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold()))
        if folded == char:
            break
        char = folded
    return char


def braille(cp):
    """The letter of a pattern of six dots, a blank for none; capital and number signs are left out."""
    dots = "".join(str(i + 1) for i in range(8) if cp - 0x2800 >> i & 1)
    return " " if cp == 0x2800 else BRAILLE.get(dots)


def letter_by_name(char):
    """The Latin letter that a sign's name tells, for signs without a compatibility form."""
    name = unicodedata.name(char, "")
    match = (re.fullmatch(r"LATIN LETTER SMALL CAPITAL ([A-Z])", name)
             or re.fullmatch(r"LATIN SMALL LETTER TURNED ([A-Z])", name)
             or re.fullmatch(r"(?:NEGATIVE |CROSSED NEGATIVE )?(?:CIRCLED|SQUARED) LATIN CAPITAL LETTER ([A-Z])", name)
             or re.fullmatch(r"REGIONAL INDICATOR SYMBOL LETTER ([A-Z])", name))
    if match:
        return match[1].lower()
    return {"ǝ": "e", "ɔ": "c", "ı": "i", "ø": "o", "đ": "d", "ł": "l", "ħ": "h",
            "ƃ": "g", "ɟ": "f", "ɾ": "j"}.get(char)


def skeleton(char, confusables):
    direct = letter_by_name(char)
    if direct:
        return direct
    target = without_marks(confusables.get(char, "")).lower()
    return target if re.fullmatch(r"[a-z0-9]", target) else None


def main():
    confusables = json.loads(pathlib.Path(sys.argv[1]).read_text())
    ucd = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else "/usr/share/unicode")
    hidden = set(default_ignorables(ucd)) | {0xFFF9, 0xFFFA, 0xFFFB} | set(range(0xE0000, 0xE1000))
    names = {}
    for cp in range(0x80, 0x110000):
        if 0xD800 <= cp <= 0xDFFF or 0xE000 <= cp <= 0xF8FF or cp >= 0xF0000 and cp not in hidden:
            continue
        char = chr(cp)
        if cp in FILLERS:
            names[cp] = (0, None, " ")
        elif 0x2800 <= cp <= 0x28FF and braille(cp):
            names[cp] = (0, None, braille(cp))
        elif cp in hidden:
            names[cp] = (HIDDEN, None, "")
        elif is_mark(cp):
            names[cp] = (MARK, None, "")
        elif unicodedata.category(char) == "Zs":
            names[cp] = (0, None, " ")
        else:
            folded, alike = fold(char), skeleton(char, confusables)
            if len(folded) == 1 and folded != char:
                # What the folded sign is mistaken for, if anything: a second pass must see the same.
                alike = skeleton(folded, confusables) or alike
            if len(folded) == 1 and ord(folded) > 0x2000 and letter_by_name(folded):
                folded = alike = letter_by_name(folded)
            if not alike or alike.isdigit():
                alike = DRAWN_ALIKE.get(char) or DRAWN_ALIKE.get(folded) or alike
            if len(folded) <= 18 and (folded != char or alike):
                names[cp] = (0, alike, folded)
    out = bytearray()
    for cp, (kind, alike, folded) in sorted(names.items()):
        units = folded.encode("utf-16-le")
        out += struct.pack("<I", cp)[:3] + bytes([kind, ord(alike) if alike else 0, len(units) // 2]) + units
    target = pathlib.Path(__file__).parents[2] / "src/FuncAiSecure.Core/Guards/Normalization/fold.bin"
    target.write_bytes(out)
    print(f"{len(names)} records, {len(out)} bytes")


main()
