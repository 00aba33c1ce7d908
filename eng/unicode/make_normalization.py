"""Writes the tables of Unicode normalisation (UAX #15) that the tokenizers use.

The process runs without ICU (InvariantGlobalization), where string.Normalize does nothing, so the tables are our own. Source: the
Unicode Character Database as Python's unicodedata holds it. Run from anywhere:

    python3 eng/unicode/make_normalization.py

Layout, little-endian: counts of the four tables (int32 each), then
    canonical decompositions   code point (int32), offset into the pool (int32), length in UTF-16 units (int32)
    compatible decompositions  the same, only where they differ from the canonical ones
    combining classes          code point (int32), class (int32)
    compositions               first (int32), second (int32), composed (int32)
and the pool of UTF-16 units. Hangul syllables are computed, not listed.
"""

import pathlib
import struct
import sys
import unicodedata

TARGET = pathlib.Path(__file__).parents[2] / "src/FuncAiSecure.Core/Inference/Tokenizers/Unicode/normalization.bin"
HANGUL = range(0xAC00, 0xD7A4)
SURROGATES = range(0xD800, 0xE000)


def main() -> None:
    pool = bytearray()

    def entry(code: int, text: str) -> bytes:
        units = text.encode("utf-16-le")
        offset = len(pool) // 2
        pool.extend(units)
        return struct.pack("<iii", code, offset, len(units) // 2)

    canonical, compatible, classes, compositions = [], [], [], []
    for code in range(sys.maxunicode + 1):
        if code in SURROGATES or code in HANGUL:
            continue
        char = chr(code)
        if unicodedata.combining(char):
            classes.append(struct.pack("<ii", code, unicodedata.combining(char)))
        nfd = unicodedata.normalize("NFD", char)
        nfkd = unicodedata.normalize("NFKD", char)
        if nfd != char:
            canonical.append(entry(code, nfd))
            # A pair that composes again is a primary composite; the others are on the exclusion list.
            own = unicodedata.decomposition(char).split()
            if len(own) == 2 and unicodedata.normalize("NFC", char) == char:
                compositions.append(struct.pack("<iii", int(own[0], 16), int(own[1], 16), code))
        if nfkd != nfd:
            compatible.append(entry(code, nfkd))

    tables = [canonical, compatible, classes, compositions]
    data = struct.pack("<iiii", *map(len, tables)) + b"".join(b"".join(table) for table in tables) + bytes(pool)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(data)
    print(f"Unicode {unicodedata.unidata_version}: {len(data)} bytes, {', '.join(str(len(table)) for table in tables)} entries")


if __name__ == "__main__":
    main()
