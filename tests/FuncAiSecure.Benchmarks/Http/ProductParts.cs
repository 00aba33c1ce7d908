using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Benchmarks.Http;

/// <summary>What the product needs beside itself: table storage (Azurite), a vault over TLS with its secrets and one key, settings.</summary>
internal sealed class ProductParts : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("funcai-bench-").FullName;
    private readonly AzuriteFixture _storage;
    private readonly LocalVaultFixture _vault;

    private ProductParts(AzuriteFixture storage, LocalVaultFixture vault) => (_storage, _vault) = (storage, vault);

    /// <summary>A key that may call every model, on a plan that a benchmark does not spend.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Starts storage and vault, and fills the vault.</summary>
    public static async Task<ProductParts> StartAsync(CancellationToken cancellation)
    {
        var parts = new ProductParts(await AzuriteFixture.StartAsync(), await LocalVaultFixture.StartAsync());
        await new VaultAuditSecrets(parts._vault.CreateClient(), new AuditOptions().SecretName).EnsureAsync(cancellation);
        var created = await new ApiKeyService(parts._vault.CreateClient(), TimeProvider.System).CreateAsync(
            new ApiKeyRequest { Principal = "bench", Roles = ["infer"], Models = ["*"] }, KeyActor.VaultOperator, cancellation);
        parts.Key = created.Value!.Key;
        return parts;
    }

    /// <summary>The settings of one app on these parts, with an audit journal of its own.</summary>
    /// <param name="models">The folder of models that it serves.</param>
    public Dictionary<string, string?> Settings(string models) => new(_vault.Settings)
    {
        ["AzureWebJobsStorage"] = _storage.ConnectionString,
        ["FuncAiSecure:Models:Directory"] = models,
        ["FuncAiSecure:Models:RequireSignatures"] = "false",
        ["FuncAiSecure:Audit:JournalDirectory"] = Path.Combine(_folder, Guid.NewGuid().ToString("N")),
        ["FuncAiSecure:Audit:BatchDelay"] = "00:01:00",
        ["FuncAiSecure:Audit:MaxJournalBytes"] = "2000000000",
        ["FuncAiSecure:Quotas:DefaultPlan"] = "roomy",
        ["FuncAiSecure:Quotas:Plans:roomy:Policies:minute:Window"] = "Minute",
        ["FuncAiSecure:Quotas:Plans:roomy:Policies:minute:Amount"] = "100000000",
        ["FuncAiSecure:Quotas:Plans:roomy:Policies:day:Window"] = "Day",
        ["FuncAiSecure:Quotas:Plans:roomy:Policies:day:Amount"] = "1000000000",
    };

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _vault.DisposeAsync();
        await _storage.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
