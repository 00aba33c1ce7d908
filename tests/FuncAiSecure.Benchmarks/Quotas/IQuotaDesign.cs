namespace FuncAiSecure.Benchmarks.Quotas;

/// <summary>One way to count requests in a table.</summary>
internal interface IQuotaDesign : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Storage calls since <see cref="StartCounting"/>.</summary>
    long Calls { get; }

    void StartCounting();

    /// <summary>Decides one request; the number spreads requests over instances.</summary>
    ValueTask<bool> AdmitAsync(int number, CancellationToken ct);
}
