namespace FuncAiSecure.Core.Inference.Tokenizers.Normalizers;

/// <summary>One step that rewrites text before it is split.</summary>
internal interface INormalizer
{
    /// <summary>Rewrites in place.</summary>
    void Apply(TokenText text);
}

/// <summary>Several steps, in order.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<INormalizer> steps) : INormalizer
{
    /// <inheritdoc />
    public void Apply(TokenText text)
    {
        foreach (var step in steps)
        {
            step.Apply(text);
        }
    }
}
