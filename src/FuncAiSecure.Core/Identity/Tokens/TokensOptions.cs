using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Identity.Tokens;

/// <summary>Which OpenID Connect issuers are believed, and what their roles grant. No issuer: no token is accepted.</summary>
public sealed class TokensOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "FuncAiSecure:Tokens";

    /// <value>The issuers. Default: none.</value>
    [ValidateEnumeratedItems]
    [MaxLength(16)]
    public TokenIssuerOptions[] Issuers { get; set; } = [];

    /// <value>The longest token that is looked at, 512 to 16,384 characters. Default 8,192.</value>
    [Range(512, 16_384)]
    public int MaxLength { get; set; } = 8_192;

    /// <value>How far clocks may differ, 0 to 60 s. Default 60 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(60);

    /// <value>How many validated, and how many forged, tokens are remembered: 100 to 1,000,000. Default 20,000 each.</value>
    [Range(100, 1_000_000)]
    public int MaxCached { get; set; } = 20_000;

    /// <value>How often an issuer's keys are read again, 5 min to 24 h. Default 12 h; an unknown key id is a reason at most once a minute.</value>
    [Range(typeof(TimeSpan), "00:05:00", "1.00:00:00")]
    public TimeSpan KeyRefresh { get; set; } = TimeSpan.FromHours(12);
}

/// <summary>One issuer.</summary>
public sealed class TokenIssuerOptions
{
    // Not initial values of the properties: configuration appends to these, so that nobody could narrow them.
    internal static readonly string[] DefaultAlgorithms = ["RS256", "PS256", "ES256"];
    internal static readonly string[] DefaultTypes = ["at+jwt", "application/at+jwt", "JWT"];

    /// <value>A short name; principals are <c>name:id</c>.</value>
    [Required]
    [RegularExpression("[a-z][a-z0-9-]{0,31}")]
    public string Name { get; set; } = "";

    /// <value>The issuer, exactly as tokens carry it; https. For Entra ID: <c>https://login.microsoftonline.com/TENANT/v2.0</c>.</value>
    [Required]
    public string Issuer { get; set; } = "";

    /// <value>The audiences that are this deployment. At least one.</value>
    [Required]
    [MinLength(1)]
    public string[] Audiences { get; set; } = [];

    /// <value>Signature algorithms, of RS256/384/512, PS256/384/512, ES256/384/512. Empty (the default): RS256, PS256 and ES256.</value>
    public string[] Algorithms { get; set; } = [];

    /// <value>Values of <c>typ</c> that are access tokens. Empty (the default): <c>at+jwt</c>, <c>application/at+jwt</c> and <c>JWT</c>.</value>
    public string[] Types { get; set; } = [];

    /// <value>Who the principal is: the calling application (appid, azp or client_id, else sub; the default), or the subject (sub).</value>
    [EnumDataType(typeof(TokenPrincipal))]
    public TokenPrincipal PrincipalFrom { get; set; } = TokenPrincipal.Application;

    /// <value>A PEM file of the root that signed the provider's TLS certificate, for a private one; null (the default) asks the system.</value>
    public string? CertificateFile { get; set; }

    /// <value>What the issuer's roles and scopes grant, each listed once. A role that is not listed grants nothing.</value>
    [ValidateEnumeratedItems]
    [MaxLength(256)]
    public TokenGrantOptions[] Grants { get; set; } = [];
}

/// <summary>What one role (or scope) of an issuer grants.</summary>
public sealed class TokenGrantOptions
{
    /// <value>The value in the token's <c>roles</c>, <c>scp</c> or <c>scope</c>.</value>
    [Required]
    public string Role { get; set; } = "";

    /// <value>Roles here, by their wire names.</value>
    public string[] Roles { get; set; } = [];

    /// <value>Model patterns.</value>
    public string[] Models { get; set; } = [];

    /// <value>The quota plan; the first grant that names one decides.</value>
    public string? Plan { get; set; }
}

/// <summary>Whom a token's principal is taken from.</summary>
public enum TokenPrincipal
{
    /// <summary>The calling application.</summary>
    Application,

    /// <summary>The subject: a user, or the application for its own tokens.</summary>
    Subject,
}
