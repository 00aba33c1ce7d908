using System.Text.Json;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.LocalHost;
using FuncAiSecure.TestSupport;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Benchmarks.Http;

/// <summary>The whole product in this process, on real table storage (Azurite) and a vault over TLS, with every control on.</summary>
internal sealed class ServedProduct : IAsyncDisposable
{
    private readonly ProductParts _parts;
    private readonly WarningCounter _warnings = new();
    private LocalFunctionsHost? _host;
    private IReadOnlyDictionary<string, string?>? _more;

    private ServedProduct(ProductParts parts) => _parts = parts;

    public Uri Address => _host!.BaseAddress;

    /// <summary>The way into the app without a socket.</summary>
    public TapServer Tap => (TapServer)_host!.Services.GetRequiredService<IServer>();

    /// <summary>A key that may call every model, on a plan that a benchmark does not spend.</summary>
    public string Key => _parts.Key;

    /// <summary>Warnings and errors that were logged so far.</summary>
    public int Warnings => _warnings.Count;

    /// <summary>Audit records that are in the journal and not yet in the table.</summary>
    public long Backlog => _host!.Services.GetRequiredService<AuditTrail>().Backlog;

    /// <summary>Starts it and waits until it is ready. Audit records are sent when <see cref="ShipAsync"/> is called, or after a minute.</summary>
    /// <param name="cancellation">Ends the start.</param>
    /// <param name="more">Settings beside those that every benchmark has, or in their place.</param>
    public static async Task<ServedProduct> StartAsync(CancellationToken cancellation, IReadOnlyDictionary<string, string?>? more = null)
    {
        var product = new ServedProduct(await ProductParts.StartAsync(cancellation)) { _more = more };
        await product.OpenAsync(cancellation);
        return product;
    }

    /// <summary>The body of a small tensor request: the model wine's first golden input.</summary>
    public static string WineRequest()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "models", "wine", "1", "golden.json")));
        return $$"""{"inputs":{{golden.RootElement.GetProperty("cases")[0].GetProperty("inputs").GetRawText()}}}""";
    }

    /// <summary>Sends the audit records that wait to the table; false where storage did not take them.</summary>
    public Task<bool> ShipAsync(CancellationToken cancellation) =>
        _host!.Services.GetServices<IHostedService>().OfType<AuditShipper>().Single().TryShipAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _host!.StopAsync();
        await _host.DisposeAsync();
        await _parts.DisposeAsync();
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        _host = LocalFunctionsHost.Create(
            new LocalHostOptions { Settings = Settings(), ReadsEnvironment = false, DrainTimeout = TimeSpan.FromSeconds(2) },
            (builder, worker) =>
            {
                FuncAiSecureApplication.Configure(builder, worker);
                builder.Logging.AddProvider(_warnings);
                var server = builder.Services.Single(service => service.ServiceType == typeof(IServer)).ImplementationType!;
                builder.Services.Replace(ServiceDescriptor.Singleton<IServer>(services => new TapServer((IServer)ActivatorUtilities.CreateInstance(services, server))));
            },
            typeof(FuncAiSecureApplication).Assembly);
        await _host.StartAsync(cancellation);
        using var client = new WireClient(Address, "GET /v2/health/ready", "");
        while (await client.ExchangeAsync(cancellation) != 200)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellation);
        }
    }

    private Dictionary<string, string?> Settings()
    {
        var settings = _parts.Settings(Path.Combine(Repository.Root, "models"));
        foreach (var (name, value) in _more ?? new Dictionary<string, string?>())
        {
            settings[name] = value;
        }

        return settings;
    }
}
