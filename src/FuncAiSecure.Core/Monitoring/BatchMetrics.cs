using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace FuncAiSecure.Core.Monitoring;

/// <summary>How full runs are. Model names come from manifests.</summary>
internal sealed class BatchMetrics
{
    /// <summary>The upper ends of the buckets, in rows; one more bucket takes the rest.</summary>
    internal static ImmutableArray<int> Buckets { get; } = [1, 2, 4, 8, 16, 32, 64, 128, 256];

    private readonly Histogram<int> _rows;

    /// <summary>Makes the instrument.</summary>
    public BatchMetrics(IMeterFactory meters) => _rows = meters.Create(ServerMetrics.Name).CreateHistogram(
        "funcaisecure.inference.batch.size",
        "{row}",
        "Rows of one run of a graph.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = Buckets });

    /// <summary>Records a run.</summary>
    public void Ran(string model, int rows) => _rows.Record(rows, new KeyValuePair<string, object?>("gen_ai.request.model", model));
}
