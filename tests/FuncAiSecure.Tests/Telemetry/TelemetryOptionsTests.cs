using FuncAiSecure.Telemetry;

namespace FuncAiSecure.Tests.Telemetry;

/// <summary>Which collectors may be named.</summary>
public sealed class TelemetryOptionsTests
{
    [Theory]
    [InlineData("clear text over a network", "http://collector.internal:4318", false)]
    [InlineData("another scheme", "ftp://127.0.0.1", false)]
    [InlineData("no address", "collector", false)]
    [InlineData("a user", "https://name@collector.internal", false)]
    [InlineData("a query", "https://collector.internal/?key=1", false)]
    [InlineData("a fragment", "https://collector.internal/#1", false)]
    [InlineData("clear text on the machine", "http://127.0.0.1:4318", true)]
    [InlineData("https", "https://collector.internal:4318/base", true)]
    [InlineData("none", null, true)]
    public void A_collector_is_named_by_a_safe_address(string what, string? endpoint, bool isValid)
    {
        var options = new TelemetryOptions { OtlpEndpoint = endpoint is null ? null : new Uri(endpoint, UriKind.RelativeOrAbsolute) };

        var result = new TelemetryEndpointValidator().Validate(null, options);

        result.Succeeded.ShouldBe(isValid, what);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_share_beyond_all_and_nothing_is_refused(double ratio) =>
        new TelemetryOptionsValidator().Validate(null, new TelemetryOptions { TraceRatio = ratio }).Failed.ShouldBeTrue();
}
