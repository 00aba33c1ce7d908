using System.Text.Json;
using FuncAiSecure.Core.Inference.Tokenizers.Models;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference.Tokenizers.Reading;

/// <summary>Reads the model of a tokenizer file.</summary>
internal static class ModelReader
{
    /// <param name="json">The part.</param>
    /// <param name="unmatched">Ids that plain text must never become.</param>
    public static (ITokenModel Model, TokenizerKind Kind, int Size) Read(JsonElement json, HashSet<int> unmatched)
    {
        var kind = json.Text("type") ?? (json.Find("merges") is null ? "WordPiece" : "BPE");
        return kind switch
        {
            "WordPiece" => ReadWordPiece(json, unmatched),
            "BPE" => ReadBpe(json, unmatched),
            "Unigram" => ReadUnigram(json, unmatched),
            _ => throw new TokenizerFormatException("model", $"{kind} is not supported."),
        };
    }

    private static (ITokenModel, TokenizerKind, int) ReadWordPiece(JsonElement json, HashSet<int> unmatched)
    {
        var unknown = json.Text("unk_token") ?? "[UNK]";
        var vocabulary = ReadVocabulary(json);
        if (!vocabulary.ContainsKey(unknown))
        {
            throw new TokenizerFormatException("model", "the unknown token is not in the vocabulary.");
        }

        var matched = vocabulary.Where(entry => entry.Key == unknown || !unmatched.Contains(entry.Value)).ToDictionary(StringComparer.Ordinal);
        var model = new WordPieceModel(
            matched, unknown, json.Text("continuing_subword_prefix") ?? "##", json.Find("max_input_chars_per_word")?.GetInt32() ?? 100);
        return (model, TokenizerKind.WordPiece, vocabulary.Values.Max() + 1);
    }

    private static (ITokenModel, TokenizerKind, int) ReadBpe(JsonElement json, HashSet<int> unmatched)
    {
        if (json.Find("dropout")?.GetDouble() is > 0)
        {
            throw new TokenizerFormatException("model", "dropout makes ids random and is not supported.");
        }

        var settings = new BpeSettings
        {
            UnknownToken = json.Text("unk_token"),
            ContinuingPrefix = json.Text("continuing_subword_prefix"),
            EndOfWordSuffix = json.Text("end_of_word_suffix"),
            FuseUnknown = json.Flag("fuse_unk", false),
            ByteFallback = json.Flag("byte_fallback", false),
            IgnoreMerges = json.Flag("ignore_merges", false),
        };
        var vocabulary = ReadVocabulary(json);
        var merges = json.GetProperty("merges").EnumerateArray().Select(ReadMerge).ToList();
        return (new BpeModel(vocabulary, merges, settings, unmatched), TokenizerKind.Bpe, vocabulary.Values.Max() + 1);
    }

    private static (ITokenModel, TokenizerKind, int) ReadUnigram(JsonElement json, HashSet<int> unmatched)
    {
        var pieces = json.GetProperty("vocab").EnumerateArray().Select(entry => (entry[0].GetString()!, entry[1].GetDouble())).ToList();
        var unknown = json.Find("unk_id")?.GetInt32();
        if (pieces.Count == 0 || unknown < 0 || unknown >= pieces.Count)
        {
            throw new TokenizerFormatException("model", "the vocabulary is empty or lacks the unknown piece.");
        }

        return (new UnigramModel(pieces, unknown, json.Flag("byte_fallback", false), unmatched), TokenizerKind.Unigram, pieces.Count);
    }

    private static Dictionary<string, int> ReadVocabulary(JsonElement json)
    {
        var vocabulary = json.GetProperty("vocab").EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => entry.Value.GetInt32(), StringComparer.Ordinal);
        return vocabulary.Count > 0 ? vocabulary : throw new TokenizerFormatException("model", "the vocabulary is empty.");
    }

    // "left right" in older files, ["left", "right"] in newer ones.
    private static (string, string) ReadMerge(JsonElement merge)
    {
        if (merge.ValueKind is JsonValueKind.Array)
        {
            return (merge[0].GetString()!, merge[1].GetString()!);
        }

        var text = merge.GetString()!;
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && space == text.LastIndexOf(' ')
            ? (text[..space], text[(space + 1)..])
            : throw new TokenizerFormatException("model", "a merge must name two tokens.");
    }
}
