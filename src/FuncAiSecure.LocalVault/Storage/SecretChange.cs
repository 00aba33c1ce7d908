namespace FuncAiSecure.LocalVault.Storage;

/// <summary>What a caller sets on a secret; null leaves it as it is (update) or at its default (set).</summary>
internal sealed record SecretChange(
    string? Value, string? ContentType, Dictionary<string, string>? Tags, bool? Enabled, long? NotBefore, long? Expires)
{
    /// <summary>The value stays out of logs.</summary>
    public override string ToString() => nameof(SecretChange);
}
