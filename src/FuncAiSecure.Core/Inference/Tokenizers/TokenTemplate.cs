namespace FuncAiSecure.Core.Inference.Tokenizers;

/// <summary>One place of a template: the text's tokens, or special tokens.</summary>
/// <param name="Sequence">0 or 1 for the tokens of a text, -1 for special tokens.</param>
/// <param name="TypeId">The segment of what stands here.</param>
/// <param name="SpecialIds">The special tokens' ids.</param>
internal readonly record struct TemplateItem(int Sequence, int TypeId, int[] SpecialIds);

/// <summary>How special tokens are put around one text and around a pair.</summary>
internal sealed class TokenTemplate(IReadOnlyList<TemplateItem> single, IReadOnlyList<TemplateItem> pair)
{
    /// <summary>No special tokens at all.</summary>
    public static TokenTemplate Plain { get; } = new([new(0, 0, [])], [new(0, 0, []), new(1, 1, [])]);

    /// <summary>Special tokens that the template adds.</summary>
    public int AddedCount(bool isPair) => (isPair ? pair : single).Sum(item => item.SpecialIds.Length);

    /// <summary>Puts the tokens of one text, or of two, together.</summary>
    public TokenizedText Apply(IReadOnlyList<PlacedToken> first, IReadOnlyList<PlacedToken>? second, int totalCount)
    {
        var items = second is null ? single : pair;
        var count = AddedCount(second is not null) + items.Sum(item => item.Sequence < 0 ? 0 : (item.Sequence == 0 ? first : second!).Count);
        var (ids, types, sequences, offsets) = (new int[count], new int[count], new int[count], new (int, int)[count]);
        var at = 0;
        foreach (var item in items)
        {
            if (item.Sequence < 0)
            {
                foreach (var id in item.SpecialIds)
                {
                    (ids[at], types[at], sequences[at]) = (id, item.TypeId, -1);
                    at++;
                }

                continue;
            }

            foreach (var token in item.Sequence == 0 ? first : second!)
            {
                (ids[at], types[at], sequences[at], offsets[at]) = (token.Id, item.TypeId, item.Sequence, (token.Start, token.End));
                at++;
            }
        }

        return new TokenizedText { Ids = ids, TypeIds = types, Sequences = sequences, Offsets = offsets, TotalCount = totalCount };
    }
}

/// <summary>A token and where it stands in the original text, in UTF-16 units.</summary>
internal readonly record struct PlacedToken(int Id, int Start, int End);
