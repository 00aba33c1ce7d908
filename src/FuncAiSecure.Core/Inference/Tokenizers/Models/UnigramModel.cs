using System.Collections.Frozen;
using System.Text;

namespace FuncAiSecure.Core.Inference.Tokenizers.Models;

/// <summary>
/// The best path through all pieces by the sum of their log probabilities (Viterbi). A code point that no piece covers is
/// unknown, at 10 below the least likely piece; neighbouring unknown ones are one token.
/// </summary>
internal sealed class UnigramModel : ITokenModel
{
    private const double UnknownPenalty = 10;

    private readonly FrozenDictionary<string, int> _ids;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _pieces;
    private readonly double[] _scores;
    private readonly int _longest;
    private readonly int? _unknown;
    private readonly double _unknownScore;
    private readonly int[]? _byteIds;

    /// <param name="pieces">Pieces with their log probabilities, by id.</param>
    /// <param name="unknown">The id of the unknown piece.</param>
    /// <param name="byteFallback">Whether unknown text becomes byte tokens.</param>
    /// <param name="unmatched">Ids that plain text never becomes: special tokens.</param>
    public UnigramModel(IReadOnlyList<(string Piece, double Score)> pieces, int? unknown, bool byteFallback, IReadOnlySet<int> unmatched)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < pieces.Count; id++)
        {
            // Of two equal pieces the last one counts, as in the reference implementation's table.
            ids[pieces[id].Piece] = id;
        }

        _ids = ids.ToFrozenDictionary(StringComparer.Ordinal);
        _pieces = ids.Where(entry => !unmatched.Contains(entry.Value) && entry.Key.Length > 0)
            .ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _scores = [.. pieces.Select(piece => piece.Score)];
        _longest = ids.Keys.Max(piece => piece.Length);
        _unknown = unknown;
        _unknownScore = _scores.Min() - UnknownPenalty;
        _byteIds = byteFallback ? ByteTokens.Find(_ids) : null;
    }

    /// <inheritdoc />
    public int? IdOf(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    /// <inheritdoc />
    public void Encode(ReadOnlySpan<char> piece, List<PieceToken> tokens)
    {
        if (piece.IsEmpty)
        {
            return;
        }

        var nodes = BestPath(piece);
        var path = new List<PieceToken>();
        for (var end = piece.Length; end > 0; end = nodes[end].Start)
        {
            path.Add(new PieceToken(nodes[end].Id, nodes[end].Start, end));
        }

        for (var i = path.Count - 1; i >= 0; i--)
        {
            var token = path[i];
            while (token.Id < 0 && i > 0 && path[i - 1].Id < 0)
            {
                token = token with { End = path[--i].End };
            }

            Add(token, piece, tokens);
        }
    }

    private Node[] BestPath(ReadOnlySpan<char> piece)
    {
        var nodes = new Node[piece.Length + 1];
        for (var start = 0; start < piece.Length;)
        {
            Rune.DecodeFromUtf16(piece[start..], out _, out var size);
            var here = nodes[start].Score;
            var hasSingle = false;
            for (var end = start + size; end <= piece.Length && end - start <= _longest; end++)
            {
                if (!_pieces.TryGetValue(piece[start..end], out var id))
                {
                    continue;
                }

                Offer(ref nodes[end], start, id, _scores[id] + here);
                hasSingle |= end - start == size;
            }

            if (!hasSingle)
            {
                Offer(ref nodes[start + size], start, -1, _unknownScore + here);
            }

            start += size;
        }

        return nodes;
    }

    private static void Offer(ref Node node, int start, int id, double score)
    {
        if (!node.IsReached || score > node.Score)
        {
            node = new Node(start, id, score, true);
        }
    }

    private void Add(PieceToken token, ReadOnlySpan<char> piece, List<PieceToken> tokens)
    {
        if (token.Id >= 0)
        {
            tokens.Add(token);
            return;
        }

        var text = piece[token.Start..token.End];
        if ((_byteIds is null || !ByteTokens.TryAdd(text, _byteIds, id => tokens.Add(token with { Id = id }))) && _unknown is { } unknown)
        {
            tokens.Add(token with { Id = unknown });
        }
    }

    private readonly record struct Node(int Start, int Id, double Score, bool IsReached);
}
