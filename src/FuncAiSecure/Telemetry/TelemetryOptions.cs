using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Telemetry;

/// <summary>Where metrics and traces are sent to. Nothing is, until an address is given.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "FuncAiSecure:Telemetry";

    /// <summary>The collector's base address, to which <c>/v1/metrics</c> and <c>/v1/traces</c> are added.</summary>
    /// <value>https, or http on the loopback interface; null (the default) sends nothing.</value>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>How often metrics are sent.</summary>
    /// <value>1 s to 1 h; default 1 min.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MetricInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The share of traces that is sent, chosen by trace id; what the caller wishes for does not count.</summary>
    /// <value>0 to 1; default 0.1.</value>
    [Range(0.0, 1.0)]
    public double TraceRatio { get; set; } = 0.1;

    /// <summary>How long one export may take.</summary>
    /// <value>100 ms to 1 min; default 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>;

/// <summary>What attributes cannot say: measurements of a secure service do not cross a network in clear.</summary>
internal sealed class TelemetryEndpointValidator : IValidateOptions<TelemetryOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        if (options.OtlpEndpoint is not { } endpoint)
        {
            return ValidateOptionsResult.Success;
        }

        var isSafe = endpoint.IsAbsoluteUri
            && (endpoint.Scheme == Uri.UriSchemeHttps || (endpoint.Scheme == Uri.UriSchemeHttp && endpoint.IsLoopback))
            && endpoint is { UserInfo: "", Query: "", Fragment: "" };
        return isSafe
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{TelemetryOptions.SectionName}:{nameof(TelemetryOptions.OtlpEndpoint)} must be an https address, or http on loopback, without user, query and fragment.");
    }
}
