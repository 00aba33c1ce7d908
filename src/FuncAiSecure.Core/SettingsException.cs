namespace FuncAiSecure.Core;

/// <summary>A setting is missing or not understood. The message says which in a sentence for operators, and never repeats a value.</summary>
public sealed class SettingsException : InvalidOperationException
{
    /// <summary>With the sentence.</summary>
    public SettingsException(string message)
        : base(message)
    {
    }
}
