using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Identity;

/// <summary>The gateway's own identity: what must accompany a caller's credential where a gateway stands in front.</summary>
public sealed class GatewayOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "FuncAiSecure:Gateway";

    /// <value>Principals (<c>issuer:application id</c>) of gateways; one of them must prove itself on every request. Default: none, and no gateway is asked for.</value>
    [MaxLength(8)]
    public string[] Principals { get; set; } = [];

    /// <value>The header with the gateway's token. Default <c>X-Gateway-Authorization</c>.</value>
    [Required]
    [RegularExpression("[A-Za-z0-9-]{1,64}")]
    public string Header { get; set; } = "X-Gateway-Authorization";
}

/// <summary>Checks the annotated ranges of <see cref="GatewayOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;
