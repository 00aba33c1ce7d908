using FuncAiSecure.Core.Identity.ApiKeys;

namespace FuncAiSecure.Core.Identity;

/// <summary>A credential as the caller showed it: secret, unproven, never to be stored or logged.</summary>
public readonly struct PresentedCredential
{
    private PresentedCredential(CredentialKind kind, string text)
    {
        Kind = kind;
        Text = text;
    }

    /// <summary>What it claims to be.</summary>
    public CredentialKind Kind { get; }

    /// <summary>The text as received.</summary>
    internal string Text { get; }

    /// <summary>A value of an API key header.</summary>
    public static PresentedCredential ApiKey(string text) => new(CredentialKind.ApiKey, text);

    /// <summary>A value of <c>Authorization: Bearer</c>: an API key if it starts as one, else a token.</summary>
    public static PresentedCredential Bearer(string text) =>
        new(text.StartsWith(ApiKeyFormat.Prefix, StringComparison.Ordinal) ? CredentialKind.ApiKey : CredentialKind.Token, text);

    /// <summary>A client certificate as base64 of its DER form, from a header that only a trusted front end can set.</summary>
    public static PresentedCredential Certificate(string text) => new(CredentialKind.Certificate, text);

    /// <summary>The kind alone.</summary>
    public override string ToString() => Kind.ToString();
}
