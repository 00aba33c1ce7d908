using System.Globalization;
using System.Net;
using System.Text.Json;
using FuncAiSecure.LocalVault.Api;
using FuncAiSecure.LocalVault.Storage;
using FuncAiSecure.LocalVault.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.LocalVault;

/// <summary>
/// A vault on this machine that speaks the Key Vault secrets protocol over TLS on the loopback interface, so that the
/// application uses the real client unchanged. For development and tests: it protects its files by file modes only.
/// </summary>
public sealed class LocalVaultServer : IAsyncDisposable
{
    // As the service's challenge reads; the tenant is a placeholder, nobody is asked there.
    private const string Challenge =
        "Bearer authorization=\"https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000\", "
        + "resource=\"https://vault.azure.net\"";

    private readonly WebApplication _app;
    private readonly IDisposable _folderLock;

    private LocalVaultServer(WebApplication app, IDisposable folderLock, Uri uri, string folder, VaultFaults faults)
    {
        _app = app;
        _folderLock = folderLock;
        Uri = uri;
        CertificateFile = Path.Combine(folder, "certificate.pem");
        TokenFile = Path.Combine(folder, "token");
        Faults = faults;
    }

    /// <summary>The vault's address, <c>https://127.0.0.1:port/</c>.</summary>
    public Uri Uri { get; }

    /// <summary>The PEM file of the certificate that clients pin.</summary>
    public string CertificateFile { get; }

    /// <summary>The file of the bearer token that clients show.</summary>
    public string TokenFile { get; }

    /// <summary>Trouble on demand.</summary>
    public VaultFaults Faults { get; }

    /// <summary>Starts the server; it listens when the task completes.</summary>
    /// <exception cref="IOException">The folder or the port cannot be used, or another vault uses it.</exception>
    public static async Task<LocalVaultServer> StartAsync(
        LocalVaultOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(options.DataDirectory);
        PrivateFiles.MakeFolder(folder);
        var folderLock = PrivateFiles.Lock(folder);
        try
        {
            return await StartAsync(options, folder, folderLock, time, cancellationToken);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Runs until the process is told to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folderLock.Dispose();
    }

    private static async Task<LocalVaultServer> StartAsync(
        LocalVaultOptions options, string folder, IDisposable folderLock, TimeProvider time, CancellationToken cancellationToken)
    {
        var certificate = LocalCertificate.LoadOrCreate(
            Path.Combine(folder, "certificate.pem"), Path.Combine(folder, "key.pem"), time);
        var token = LocalToken.LoadOrCreate(Path.Combine(folder, "token"));
        var store = new VaultStore(new SecretFile(Path.Combine(folder, "secrets.json")), time);
        var faults = new VaultFaults();

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 256 * 1024;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.UseHttps(certificate));
        });

        var app = builder.Build();
        app.Use((context, next) => AdmitAsync(context, next, token, faults));
        app.UseRouting();
        new SecretsApi(store, options.PageSize).Map(app);
        await app.StartAsync(cancellationToken);

        var server = new LocalVaultServer(app, folderLock, new Uri(app.Urls.Single()), folder, faults);
        if (options.ReadyFile is { } readyFile)
        {
            server.WriteReadyFile(readyFile);
        }

        return server;
    }

    private static async Task AdmitAsync(HttpContext context, RequestDelegate next, LocalToken token, VaultFaults faults)
    {
        if (faults.Unreachable)
        {
            context.Abort();
            return;
        }

        if (!token.Accepts(context.Request.Headers.Authorization))
        {
            context.Response.Headers.WWWAuthenticate = Challenge;
            await VaultError.Unauthorized.WriteAsync(context);
            return;
        }

        faults.Count(context.Request.Path);
        await faults.Gate.WaitAsync(context.RequestAborted);
        if (faults.Unavailable)
        {
            await VaultError.Unavailable.WriteAsync(context);
        }
        else if (faults.ThrottleForSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await VaultError.Throttled.WriteAsync(context);
        }
        else
        {
            await next(context);
        }
    }

    private void WriteReadyFile(string path)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("uri", Uri.AbsoluteUri);
            json.WriteString("certificateFile", CertificateFile);
            json.WriteString("tokenFile", TokenFile);
            json.WriteEndObject();
        }

        PrivateFiles.Write(path, buffer.ToArray());
    }
}
