namespace FuncAiSecure.Core.Inference.Tokenizers;

/// <summary>A tokenizer file that cannot be used here. The message is for operators: it names the part and what is wrong.</summary>
public sealed class TokenizerFormatException : Exception
{
    /// <summary>With the part of the file and the reason.</summary>
    public TokenizerFormatException(string part, string reason)
        : base($"tokenizer.json: {part}: {reason}")
    {
    }

    /// <summary>With a message.</summary>
    public TokenizerFormatException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and its cause.</summary>
    public TokenizerFormatException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Without a message.</summary>
    public TokenizerFormatException()
    {
    }
}
