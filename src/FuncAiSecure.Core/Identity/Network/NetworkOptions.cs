using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Identity.Network;

/// <summary>Whose word about the caller's address is believed.</summary>
public sealed class NetworkOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "FuncAiSecure:Network";

    /// <value>Networks (CIDR) of proxies whose forwarding header counts. Default: none, so the header is ignored.</value>
    [MaxLength(64)]
    public string[] TrustedProxies { get; set; } = [];

    /// <value>The header in which a trusted proxy names its caller. Default <c>X-Forwarded-For</c>.</value>
    [Required]
    [RegularExpression("[A-Za-z0-9-]{1,64}")]
    public string ForwardedForHeader { get; set; } = "X-Forwarded-For";
}

/// <summary>Checks the annotated ranges of <see cref="NetworkOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class NetworkOptionsValidator : IValidateOptions<NetworkOptions>;

/// <summary>Checks that every trusted proxy is a network.</summary>
internal sealed class TrustedProxiesValidator : IValidateOptions<NetworkOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, NetworkOptions options)
    {
        var faults = options.TrustedProxies
            .Select((text, index) => (text, index))
            .Where(item => !IPNetwork.TryParse(item.text, out _))
            .Select(item => $"{NetworkOptions.SectionName}:{nameof(options.TrustedProxies)}:{item.index} is not a network in CIDR form.")
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
