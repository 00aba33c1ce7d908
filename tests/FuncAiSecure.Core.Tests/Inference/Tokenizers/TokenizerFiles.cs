using System.Text;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Inference.Tokenizers.PreTokenizers;

namespace FuncAiSecure.Core.Tests.Inference.Tokenizers;

/// <summary>Tokenizer files with vocabularies made of the corpus: enough of it that most words split, little enough that some stay unknown.</summary>
internal static class TokenizerFiles
{
    public static JsonObject WordPiece(string[] corpus, bool lowercase, bool? stripAccents = null)
    {
        var random = new Random(1);
        var tokens = new List<string> { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" };
        foreach (var part in Parts(corpus, random, 4000).SelectMany(part => new[] { part, part.ToLowerInvariant() }))
        {
            tokens.Add(part);
            tokens.Add("##" + part);
        }

        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = Added(("[PAD]", 0), ("[UNK]", 1), ("[CLS]", 2), ("[SEP]", 3), ("[MASK]", 4)),
            ["normalizer"] = new JsonObject
            {
                ["type"] = "BertNormalizer",
                ["clean_text"] = true,
                ["handle_chinese_chars"] = true,
                ["strip_accents"] = stripAccents,
                ["lowercase"] = lowercase,
            },
            ["pre_tokenizer"] = new JsonObject { ["type"] = "BertPreTokenizer" },
            ["post_processor"] = JsonNode.Parse(
                """
                {
                  "type": "TemplateProcessing",
                  "single": [{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}],
                  "pair": [{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}},
                           {"Sequence":{"id":"B","type_id":1}},{"SpecialToken":{"id":"[SEP]","type_id":1}}],
                  "special_tokens": {"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]},"[SEP]":{"id":"[SEP]","ids":[3],"tokens":["[SEP]"]}}
                }
                """),
            ["model"] = new JsonObject
            {
                ["type"] = "WordPiece",
                ["unk_token"] = "[UNK]",
                ["continuing_subword_prefix"] = "##",
                ["max_input_chars_per_word"] = 20,
                ["vocab"] = Vocabulary(tokens),
            },
        };
    }

    public static JsonObject ByteLevelBpe(string[] corpus, bool addPrefixSpace, bool ignoreMerges)
    {
        var tokens = new List<string> { "<s>", "<pad>", "</s>", "<unk>" };
        tokens.AddRange(Enumerable.Range(0, 256).Select(value => ByteLevelPreTokenizer.CharFor((byte)value).ToString()));
        var merges = LearnMerges([.. corpus.Select(ToByteChars)], tokens, 600);
        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = Added(("<s>", 0), ("<pad>", 1), ("</s>", 2), ("<unk>", 3)),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = addPrefixSpace, ["trim_offsets"] = true, ["use_regex"] = true },
            ["post_processor"] = new JsonObject
            {
                ["type"] = "RobertaProcessing",
                ["sep"] = new JsonArray("</s>", 2),
                ["cls"] = new JsonArray("<s>", 0),
                ["trim_offsets"] = true,
                ["add_prefix_space"] = addPrefixSpace,
            },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["unk_token"] = "<unk>",
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["ignore_merges"] = ignoreMerges,
                ["vocab"] = Vocabulary(tokens),
                ["merges"] = new JsonArray([.. merges.Select(merge => JsonValue.Create(merge))]),
            },
        };
    }

    public static JsonObject Unigram(string[] corpus, string normalizer, bool byteFallback)
    {
        var random = new Random(3);
        var pieces = new List<string> { "<unk>", "<s>", "</s>" };
        if (byteFallback)
        {
            pieces.AddRange(Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"));
        }

        pieces.AddRange(Parts(corpus, random, 3000).Select(part => part.Replace(' ', '\u2581')));
        pieces.Add("\u2581");
        // Multiples of 1/1024 add up exactly: the reference's JSON reader may be off by a last digit, which would decide near ties.
        var vocabulary = pieces.Distinct(StringComparer.Ordinal).Select((piece, id) =>
            (JsonNode)new JsonArray(piece, id < 3 ? 0.0 : -3 - (random.Next(9 * 1024) / 1024.0)));
        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = Added(("<unk>", 0), ("<s>", 1), ("</s>", 2)),
            ["normalizer"] = new JsonObject { ["type"] = normalizer },
            ["pre_tokenizer"] = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "\u2581", ["prepend_scheme"] = "always", ["split"] = true },
            ["post_processor"] = null,
            ["model"] = new JsonObject
            {
                ["type"] = "Unigram",
                ["unk_id"] = 0,
                ["byte_fallback"] = byteFallback,
                ["vocab"] = new JsonArray([.. vocabulary]),
            },
        };
    }

    private static JsonArray Added(params (string Content, int Id)[] tokens) =>
    [
        .. tokens.Select(token => (JsonNode)new JsonObject
        {
            ["id"] = token.Id,
            ["content"] = token.Content,
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = true,
        }),
    ];

    private static JsonObject Vocabulary(IEnumerable<string> tokens)
    {
        var vocabulary = new JsonObject();
        foreach (var token in tokens)
        {
            if (!vocabulary.ContainsKey(token))
            {
                vocabulary.Add(token, vocabulary.Count);
            }
        }

        return vocabulary;
    }

    // Substrings of one to four code points, most of them of single ones, so that much of the corpus can be put together.
    private static IEnumerable<string> Parts(string[] corpus, Random random, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var runes = corpus[random.Next(corpus.Length)].EnumerateRunes().ToArray();
            if (runes.Length > 0)
            {
                var start = random.Next(runes.Length);
                var length = Math.Min(runes.Length - start, random.Next(2) == 0 ? 1 : random.Next(1, 5));
                yield return string.Concat(runes[start..(start + length)].Select(rune => rune.ToString()));
            }
        }
    }

    private static string ToByteChars(string text) =>
        string.Concat(Encoding.UTF8.GetBytes(text).Select(value => ByteLevelPreTokenizer.CharFor(value)));

    private static List<string> LearnMerges(string[] texts, List<string> tokens, int count)
    {
        var random = new Random(2);
        var merges = new List<string>();
        var known = tokens.ToHashSet(StringComparer.Ordinal);
        while (merges.Count < count)
        {
            var text = texts[random.Next(texts.Length)];
            if (text.Length < 2)
            {
                continue;
            }

            var start = random.Next(text.Length - 1);
            var left = text[start..(start + 1)];
            for (var length = 3; length <= 6 && start + length <= text.Length && known.Contains(text[start..(start + length - 1)]); length++)
            {
                left = text[start..(start + length - 1)];
            }

            var end = start + left.Length;
            if (end < text.Length && known.Add(left + text[end]))
            {
                tokens.Add(left + text[end]);
                merges.Add($"{left} {text[end]}");
            }
        }

        return merges;
    }
}
