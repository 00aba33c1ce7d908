using System.Globalization;

namespace FuncAiSecure.IntegrationTests.Telemetry;

/// <summary>One measured series at one export.</summary>
internal sealed record OtlpPoint(string Meter, string Name, string Unit, IReadOnlyDictionary<string, string> Attributes, double Value)
{
    /// <summary>What tells the series from others of its name.</summary>
    public string Series => string.Join(',', Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"));
}

/// <summary>One span.</summary>
internal sealed record OtlpSpan(
    string Source, string Name, string TraceId, string ParentId, string TraceState, int Kind, IReadOnlyDictionary<string, string> Attributes);

/// <summary>Reads export requests by the field numbers of opentelemetry-proto 1.x (trace.proto, metrics.proto, common.proto).</summary>
internal static class OtlpMessages
{
    private const int Gauge = 5;
    private const int Sum = 7;
    private const int Histogram = 9;

    public static IEnumerable<OtlpSpan> Spans(byte[] request) =>
        from resource in new ProtoMessage(request).All(1)
        from scope in resource.All(2)
        from span in scope.All(2)
        select new OtlpSpan(
            scope.One(1).Text(1), span.Text(5), span.Hex(1), span.Hex(4), span.Text(3), (int)span.Number(6), Attributes(span.All(9)));

    public static IEnumerable<OtlpPoint> Points(byte[] request) =>
        from resource in new ProtoMessage(request).All(1)
        from scope in resource.All(2)
        from metric in scope.All(2)
        let kind = new[] { Gauge, Sum, Histogram }.Single(metric.Has)
        from point in metric.One(kind).All(1)
        select new OtlpPoint(
            scope.One(1).Text(1), metric.Text(1), metric.Text(3), Attributes(point.All(kind == Histogram ? 9 : 7)), Value(point, kind));

    // A histogram's count is field 4; a number's is 4 (double) or 6 (integer).
    private static double Value(ProtoMessage point, int kind) =>
        kind == Histogram ? point.Number(4)
        : point.Has(6) ? (long)point.Number(6)
        : BitConverter.UInt64BitsToDouble(point.Number(4));

    private static Dictionary<string, string> Attributes(IEnumerable<ProtoMessage> pairs) =>
        pairs.ToDictionary(pair => pair.Text(1), pair => Any(pair.One(2)));

    private static string Any(ProtoMessage value) =>
        value.Has(1) ? value.Text(1)
        : value.Has(4) ? BitConverter.UInt64BitsToDouble(value.Number(4)).ToString(CultureInfo.InvariantCulture)
        : value.Number(value.Has(2) ? 2 : 3).ToString(CultureInfo.InvariantCulture);
}
