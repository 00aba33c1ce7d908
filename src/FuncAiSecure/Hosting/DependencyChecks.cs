using Azure.Data.Tables;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core.Inference.Native;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Hosting;

/// <summary>Table Storage answers.</summary>
internal sealed class StorageCheck(TableServiceClient tables) : IReadinessCheck
{
    /// <inheritdoc />
    public string Name => "storage";

    /// <inheritdoc />
    public async ValueTask<bool> IsReadyAsync(CancellationToken cancellation)
    {
        await foreach (var page in tables.QueryAsync(maxPerPage: 1, cancellationToken: cancellation).AsPages().ConfigureAwait(false))
        {
            return page is not null;
        }

        return true;
    }
}

/// <summary>The vault answers and holds the pepper, without which no key can be checked. Asked rarely: the vault throttles.</summary>
internal sealed class VaultCheck(SecretClient vault, TimeProvider time) : IReadinessCheck
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(30);
    private DateTimeOffset _answered = DateTimeOffset.MinValue;

    /// <inheritdoc />
    public string Name => "vault";

    /// <inheritdoc />
    public async ValueTask<bool> IsReadyAsync(CancellationToken cancellation)
    {
        if (time.GetUtcNow() - _answered < AskAgainAfter)
        {
            return true;
        }

        await vault.GetSecretAsync("apikey-pepper", cancellationToken: cancellation).ConfigureAwait(false);
        _answered = time.GetUtcNow();
        return true;
    }
}

/// <summary>Every model marked for preloading is warm.</summary>
internal sealed class ModelsCheck(ModelCatalog catalog) : IReadinessCheck
{
    /// <inheritdoc />
    public string Name => "models";

    /// <inheritdoc />
    public ValueTask<bool> IsReadyAsync(CancellationToken cancellation) => new(catalog.Readiness.IsReady);
}

/// <summary>ONNX Runtime reports nothing to anybody.</summary>
internal sealed class TelemetryCheck : IReadinessCheck
{
    /// <inheritdoc />
    public string Name => "telemetry";

    /// <inheritdoc />
    public ValueTask<bool> IsReadyAsync(CancellationToken cancellation) => new(OnnxRuntimeGuard.IsTelemetryOff);
}
