namespace FuncAiSecure.Core.Identity;

/// <summary>The refusals of authentication, made once: refusing allocates nothing, and unknown, revoked and forged look alike.</summary>
internal static class IdentityRefusals
{
    public static readonly Refusal Invalid = new(RefusalCode.CredentialInvalid);

    public static readonly Refusal Throttled = new(RefusalCode.RateLimited)
    {
        Detail = "Too many failed credentials.",
        RetryAfter = TimeSpan.FromSeconds(5),
        Policy = "credentials",
    };

    public static readonly Refusal Unavailable = new(RefusalCode.DependencyUnavailable)
    {
        Detail = "The credential cannot be checked at the moment.",
        RetryAfter = TimeSpan.FromSeconds(5),
    };
}
