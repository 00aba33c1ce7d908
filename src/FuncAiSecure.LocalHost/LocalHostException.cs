namespace FuncAiSecure.LocalHost;

/// <summary>The host cannot start; the message says why in one sentence and is safe to print.</summary>
public sealed class LocalHostException : Exception
{
    /// <summary>With the reason.</summary>
    public LocalHostException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason and its cause.</summary>
    public LocalHostException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
