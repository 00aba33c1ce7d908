using System.Collections.Immutable;

namespace FuncAiSecure.Core.Inference.Tasks;

/// <summary>
/// Spans from token labels in the usual scheme: <c>B-X</c> starts a span of X, <c>I-X</c> continues it (or starts one, where none of
/// X is open), <c>O</c> is outside. Labels without a prefix join neighbours of the same label.
/// </summary>
internal static class SpanReader
{
    /// <summary>Reads the spans of one text.</summary>
    /// <param name="probabilities">A row of label probabilities a token.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="encoding">The tokens with their places.</param>
    public static ImmutableArray<LabelledSpan> Read(ReadOnlySpan<float> probabilities, ImmutableArray<string> labels, TextEncoding encoding)
    {
        var spans = ImmutableArray.CreateBuilder<LabelledSpan>();
        string? open = null;
        var (start, end, tokens) = (0, 0, 0);
        double sum = 0;
        for (var token = 0; token < encoding.Count; token++)
        {
            if (encoding.Special[token])
            {
                Close(ref open);
                continue;
            }

            var row = probabilities.Slice(token * labels.Length, labels.Length);
            var best = Best(row);
            var (name, begins) = Split(labels[best]);
            if (name is null || name != open || begins)
            {
                Close(ref open);
                (open, start, sum, tokens) = (name, encoding.Offsets[token].Start, 0, 0);
            }

            end = encoding.Offsets[token].End;
            sum += row[best];
            tokens++;
        }

        Close(ref open);
        return spans.ToImmutable();

        void Close(ref string? label)
        {
            if (label is not null)
            {
                spans.Add(new LabelledSpan(label, (float)(sum / tokens), start, end));
                label = null;
            }
        }
    }

    private static (string? Name, bool Begins) Split(string label) => label switch
    {
        "O" => (null, false),
        ['B', '-', .. var name] => (name, true),
        ['I', '-', .. var name] => (name, false),
        _ => (label, false),
    };

    private static int Best(ReadOnlySpan<float> row)
    {
        var best = 0;
        for (var index = 1; index < row.Length; index++)
        {
            best = row[index] > row[best] ? index : best;
        }

        return best;
    }
}
