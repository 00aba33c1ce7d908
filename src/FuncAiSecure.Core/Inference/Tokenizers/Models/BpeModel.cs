using System.Collections.Frozen;
using System.Text;

namespace FuncAiSecure.Core.Inference.Tokenizers.Models;

/// <summary>How a byte-pair model treats what it does not know.</summary>
internal sealed record BpeSettings
{
    public string? UnknownToken { get; init; }

    public string? ContinuingPrefix { get; init; }

    public string? EndOfWordSuffix { get; init; }

    public bool FuseUnknown { get; init; }

    public bool ByteFallback { get; init; }

    public bool IgnoreMerges { get; init; }
}

/// <summary>
/// Byte-pair encoding: symbols are merged by the rank of their pair, the leftmost first among equals. A priority queue keeps
/// that at n log n, also for one word as long as the whole text.
/// </summary>
internal sealed class BpeModel : ITokenModel
{
    private readonly FrozenDictionary<string, int> _vocabulary;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly FrozenDictionary<long, (int Rank, int Merged)> _merges;
    private readonly BpeSettings _settings;
    private readonly IReadOnlySet<int> _unmatched;
    private readonly int? _unknown;
    private readonly int[]? _byteIds;
    private readonly FrozenSet<int> _hidden;

    /// <param name="vocabulary">Ids by token.</param>
    /// <param name="merges">Pairs by rank.</param>
    /// <param name="settings">What to do with the unknown.</param>
    /// <param name="unmatched">Ids that plain text never becomes: special tokens.</param>
    /// <exception cref="TokenizerFormatException">A merge or a special part names a token that the vocabulary lacks.</exception>
    public BpeModel(IReadOnlyDictionary<string, int> vocabulary, IReadOnlyList<(string Left, string Right)> merges, BpeSettings settings, IReadOnlySet<int> unmatched)
    {
        _vocabulary = vocabulary.ToFrozenDictionary(StringComparer.Ordinal);
        _lookup = _vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _settings = settings;
        _unmatched = unmatched;
        _unknown = settings.UnknownToken is { } unknown ? Require(unknown) : null;
        _byteIds = settings.ByteFallback ? ByteTokens.Find(_vocabulary) : null;
        _hidden = unmatched.Except(_byteIds ?? []).Where(id => id != _unknown).ToFrozenSet();
        var prefix = settings.ContinuingPrefix?.Length ?? 0;
        var table = new Dictionary<long, (int, int)>(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right) = merges[rank];
            var merged = Require(left + right[prefix..]);
            if (!unmatched.Contains(merged))
            {
                table[PairOf(Require(left), Require(right))] = (rank, merged);
            }
        }

        _merges = table.ToFrozenDictionary();
    }

    /// <inheritdoc />
    public int? IdOf(string token) => _vocabulary.TryGetValue(token, out var id) ? id : null;

    /// <inheritdoc />
    public void Encode(ReadOnlySpan<char> piece, List<PieceToken> tokens)
    {
        if (_settings.IgnoreMerges && _lookup.TryGetValue(piece, out var whole) && !_unmatched.Contains(whole))
        {
            tokens.Add(new PieceToken(whole, 0, piece.Length));
            return;
        }

        var symbols = new List<Symbol>(piece.Length);
        Split(piece, symbols);
        Merge(symbols);
        for (var at = symbols.Count > 0 ? 0 : -1; at >= 0; at = symbols[at].Next)
        {
            var token = new PieceToken(symbols[at].Id, symbols[at].Start, symbols[at].End);
            if (_hidden.Contains(token.Id))
            {
                // A special token of one code point, which no merge has taken up: what the vocabulary does not have.
                AddUnknown(token, piece, tokens);
            }
            else
            {
                tokens.Add(token);
            }
        }
    }

    private void AddUnknown(PieceToken token, ReadOnlySpan<char> piece, List<PieceToken> tokens)
    {
        if ((_byteIds is null || !ByteTokens.TryAdd(piece[token.Start..token.End], _byteIds, id => tokens.Add(token with { Id = id })))
            && _unknown is { } unknown)
        {
            tokens.Add(token with { Id = unknown });
        }
    }

    private static long PairOf(int left, int right) => ((long)left << 32) | (uint)right;

    private int Require(string token) => _vocabulary.TryGetValue(token, out var id)
        ? id
        : throw new TokenizerFormatException("model", "A merge or the unknown token is not in the vocabulary.");

    private void Split(ReadOnlySpan<char> piece, List<Symbol> symbols)
    {
        var fusesWithLast = false;
        for (var at = 0; at < piece.Length;)
        {
            Rune.DecodeFromUtf16(piece[at..], out _, out var size);
            var end = at + size;
            if (TryGetSymbol(piece[at..end], at == 0, end == piece.Length, out var id))
            {
                symbols.Add(new Symbol(id, at, end));
                fusesWithLast = false;
            }
            else if (_byteIds is not null && ByteTokens.TryAdd(piece[at..end], _byteIds, byteId => symbols.Add(new Symbol(byteId, at, end))))
            {
                fusesWithLast = false;
            }
            else if (_unknown is { } unknown)
            {
                if (fusesWithLast && _settings.FuseUnknown)
                {
                    symbols[^1] = symbols[^1] with { End = end };
                }
                else
                {
                    symbols.Add(new Symbol(unknown, at, end));
                }

                fusesWithLast = true;
            }

            at = end;
        }

        for (var i = 0; i < symbols.Count; i++)
        {
            symbols[i] = symbols[i] with { Previous = i - 1, Next = i + 1 < symbols.Count ? i + 1 : -1 };
        }
    }

    private bool TryGetSymbol(ReadOnlySpan<char> unit, bool isFirst, bool isLast, out int id)
    {
        var prefix = isFirst ? "" : _settings.ContinuingPrefix ?? "";
        var suffix = isLast ? _settings.EndOfWordSuffix ?? "" : "";
        return prefix.Length + suffix.Length == 0
            ? _lookup.TryGetValue(unit, out id)
            : _vocabulary.TryGetValue(string.Concat(prefix, unit, suffix), out id);
    }

    private void Merge(List<Symbol> symbols)
    {
        var queue = new PriorityQueue<(int Left, long Pair, int Merged), (int Rank, int Position)>();
        for (var i = 0; i + 1 < symbols.Count; i++)
        {
            Offer(symbols, i, queue);
        }

        while (queue.TryDequeue(out var merge, out _))
        {
            // Either side may have been merged away since; the pair tells.
            var left = symbols[merge.Left];
            if (left.IsGone || left.Next < 0 || PairOf(left.Id, symbols[left.Next].Id) != merge.Pair)
            {
                continue;
            }

            var right = symbols[left.Next];
            symbols[left.Next] = right with { IsGone = true };
            symbols[merge.Left] = left with { Id = merge.Merged, End = right.End, Next = right.Next };
            if (right.Next >= 0)
            {
                symbols[right.Next] = symbols[right.Next] with { Previous = merge.Left };
                Offer(symbols, merge.Left, queue);
            }

            if (left.Previous >= 0)
            {
                Offer(symbols, left.Previous, queue);
            }
        }
    }

    private void Offer(List<Symbol> symbols, int left, PriorityQueue<(int, long, int), (int, int)> queue)
    {
        var pair = PairOf(symbols[left].Id, symbols[symbols[left].Next].Id);
        if (_merges.TryGetValue(pair, out var merge))
        {
            queue.Enqueue((left, pair, merge.Merged), (merge.Rank, left));
        }
    }

    private readonly record struct Symbol(int Id, int Start, int End)
    {
        public int Previous { get; init; }

        public int Next { get; init; }

        public bool IsGone { get; init; }
    }
}
