namespace FuncAiSecure.Benchmarks;

/// <summary>One measured case. A class that implements it, with a public parameterless constructor, is found by its name.</summary>
internal interface IBenchmark
{
    /// <summary>What is typed on the command line.</summary>
    string Name { get; }

    /// <summary>One line for the list of cases.</summary>
    string Purpose { get; }

    /// <summary>Measures, and writes what it found to the report. Bounded in time and count.</summary>
    Task RunAsync(Report report, CancellationToken cancellation);
}
