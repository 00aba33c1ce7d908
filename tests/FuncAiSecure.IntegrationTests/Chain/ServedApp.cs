using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.LocalHost;
using FuncAiSecure.TestSupport;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;

namespace FuncAiSecure.IntegrationTests.Chain;

/// <summary>The whole product on real parts: table storage by Azurite, a vault over TLS, the app on Kestrel, the shipped models.</summary>
public sealed class ServedApp : IAsyncLifetime
{
    private readonly List<LocalFunctionsHost> _hosts = [];
    private readonly string _journals = Path.Combine(Path.GetTempPath(), "funcai-journal-" + Guid.NewGuid().ToString("N"));
    private ApiKeyService? _keys;

    public AzuriteFixture Storage { get; private set; } = null!;

    public LocalVaultFixture Vault { get; private set; } = null!;

    public ApiKeyService Keys => _keys ?? throw new InvalidOperationException("Start the app first.");

    /// <summary>A key that may call every model.</summary>
    public string CallerKey { get; private set; } = "";

    public HttpClient Client { get; private set; } = null!;

    public LocalFunctionsHost Host => _hosts[0];

    /// <summary>What a test adds to the app's composition.</summary>
    public Action<IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder>? Compose { get; set; }

    /// <summary>The folder of the audit journals of all instances.</summary>
    public string Journals => _journals;

    /// <summary>Settings beside those of storage, vault and models.</summary>
    public Dictionary<string, string?> Settings { get; } = new()
    {
        ["FuncAiSecure:Models:Directory"] = Path.Combine(Repository.Root, "models"),
        ["FuncAiSecure:Models:RequireSignatures"] = "false",
        ["FuncAiSecure:Quotas:DefaultPlan"] = "roomy",
        ["FuncAiSecure:Quotas:Plans:roomy:Policies:minute:Window"] = "Minute",
        ["FuncAiSecure:Quotas:Plans:roomy:Policies:minute:Amount"] = "1000000",
        // The window that ends most seldom: whoever counts to three over its end gets more.
        ["FuncAiSecure:Quotas:Plans:three:Policies:month:Window"] = "Month",
        ["FuncAiSecure:Quotas:Plans:three:Policies:month:Amount"] = "3",
    };

    /// <summary>Secrets that are in the vault before the app starts, beside those that it always needs.</summary>
    public Dictionary<string, string> Secrets { get; } = [];

    public async Task InitializeAsync()
    {
        Storage = await AzuriteFixture.StartAsync(persistent: true);
        Vault = await LocalVaultFixture.StartAsync();
        _keys = new ApiKeyService(Vault.CreateClient(), TimeProvider.System);
        await new VaultAuditSecrets(Vault.CreateClient(), new AuditOptions().SecretName).EnsureAsync(default);
        foreach (var (name, value) in Secrets)
        {
            await Vault.CreateClient().SetSecretAsync(name, value);
        }

        CallerKey = await CreateKeyAsync();
        Client = new HttpClient { BaseAddress = await StartInstanceAsync() };
        await WaitUntilReadyAsync(Client);
    }

    public async Task DisposeAsync()
    {
        Client?.Dispose();
        await StopHostsAsync();
        await Vault.DisposeAsync();
        await Storage.DisposeAsync();
        if (Directory.Exists(_journals))
        {
            Directory.Delete(_journals, recursive: true);
        }
    }

    /// <summary>Ends all instances in order; storage and vault stay.</summary>
    public async Task StopHostsAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            await host.DisposeAsync();
        }

        _hosts.Clear();
    }

    /// <summary>Starts one more process-like instance on the same storage and vault, and answers its address.</summary>
    public async Task<Uri> StartInstanceAsync(IReadOnlyDictionary<string, string?>? more = null)
    {
        var settings = new Dictionary<string, string?>(Settings)
        {
            ["AzureWebJobsStorage"] = Storage.ConnectionString,
            ["FuncAiSecure:Audit:JournalDirectory"] = Path.Combine(_journals, _hosts.Count.ToString(CultureInfo.InvariantCulture)),
        };
        foreach (var (name, value) in Vault.Settings.Concat(more ?? new Dictionary<string, string?>()))
        {
            settings[name] = value;
        }

        var host = LocalFunctionsHost.Create(
            new LocalHostOptions { Settings = settings, ReadsEnvironment = false },
            (app, worker) =>
            {
                FuncAiSecureApplication.Configure(app, worker);
                Compose?.Invoke(app, worker);
            },
            typeof(FuncAiSecureApplication).Assembly);
        await host.StartAsync();
        _hosts.Add(host);
        return host.BaseAddress;
    }

    public Task<string> CreateKeyAsync(
        string principal = "tests", string[]? roles = null, string[]? models = null, string[]? networks = null, string? plan = null,
        DateTimeOffset? notBefore = null) =>
        CreateAsync(Keys, new ApiKeyRequest
        {
            Principal = principal,
            Roles = [.. roles ?? ["infer"]],
            Models = [.. models ?? ["*"]],
            Networks = [.. networks ?? []],
            Plan = plan,
            NotBefore = notBefore,
        });

    /// <summary>A key that was good for half an hour, half an hour ago.</summary>
    public Task<string> CreateExpiredKeyAsync()
    {
        var created = DateTimeOffset.UtcNow.AddHours(-1);
        return CreateAsync(
            new ApiKeyService(Vault.CreateClient(), new ManualTimeProvider(created)),
            new ApiKeyRequest { Principal = "tests", Roles = ["infer"], Models = ["*"], Expires = created.AddMinutes(30) });
    }

    private static async Task<string> CreateAsync(ApiKeyService keys, ApiKeyRequest request)
    {
        var created = await keys.CreateAsync(request, KeyActor.VaultOperator, default);
        created.Succeeded.ShouldBeTrue(created.Refusal?.ToString());
        return created.Value.Key;
    }

    public static async Task WaitUntilReadyAsync(HttpClient client)
    {
        string last = "";
        for (var i = 0; i < 600; i++)
        {
            using var answer = await client.GetAsync("v2/health/ready");
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            last = await answer.Content.ReadAsStringAsync();
            await Task.Delay(100);
        }

        throw new TimeoutException($"Not ready after a minute: {last}");
    }

    /// <summary>Sends a request with the caller's key.</summary>
    public Task<Answer> SendAsync(string method, string path, string? body = null, Action<HttpRequestMessage>? shape = null) =>
        SendAsync(Client, CallerKey, method, path, body, shape);

    public static async Task<Answer> SendAsync(
        HttpClient client, string? key, string method, string path, string? body = null, Action<HttpRequestMessage>? shape = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key is not null)
        {
            request.Headers.Add("x-api-key", key);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        shape?.Invoke(request);
        using var response = await client.SendAsync(request);
        return new Answer(response, await response.Content.ReadAsByteArrayAsync());
    }
}

/// <summary>An answer with its body read.</summary>
public sealed class Answer(HttpResponseMessage response, byte[] body)
{
    public int Status { get; } = (int)response.StatusCode;

    public Dictionary<string, string> Headers { get; } = response.Headers.Concat(response.Content.Headers)
        .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);

    public byte[] Bytes { get; } = body;

    public string Text { get; } = Encoding.UTF8.GetString(body);

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The problem's code; empty for an answer that is none.</summary>
    public string Code => Headers.GetValueOrDefault("Content-Type") == "application/problem+json"
        ? Json.GetProperty("type").GetString()!["urn:funcaisecure:problem:".Length..]
        : "";
}

[CollectionDefinition(Name)]
public sealed class ServedAppGroup : ICollectionFixture<ServedApp>
{
    public const string Name = "served app";
}
