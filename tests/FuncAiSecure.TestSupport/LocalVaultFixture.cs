using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core.Secrets;
using FuncAiSecure.LocalVault;

namespace FuncAiSecure.TestSupport;

/// <summary>A local vault in this process, on a free port with its own folder.</summary>
public sealed class LocalVaultFixture : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "funcai-vault-" + Guid.NewGuid().ToString("N"));
    private readonly int _pageSize;
    private LocalVaultServer? _server;

    private LocalVaultFixture(TimeProvider time, int pageSize)
    {
        _time = time;
        _pageSize = pageSize;
    }

    /// <summary>Where the vault keeps its data.</summary>
    public string Folder => _folder;

    /// <summary>The running server.</summary>
    public LocalVaultServer Server => _server ?? throw new InvalidOperationException("Start the fixture first.");

    /// <summary>Trouble on demand.</summary>
    public VaultFaults Faults => Server.Faults;

    /// <summary>Options that reach this vault.</summary>
    public VaultOptions Options => new()
    {
        Uri = Server.Uri,
        Credential = VaultCredentialKind.LocalVault,
        LocalTokenFile = Server.TokenFile,
        LocalCertificateFile = Server.CertificateFile,
    };

    /// <summary>The same as configuration, for an application under test.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        [$"{VaultOptions.SectionName}:Uri"] = Server.Uri.AbsoluteUri,
        [$"{VaultOptions.SectionName}:Credential"] = nameof(VaultCredentialKind.LocalVault),
        [$"{VaultOptions.SectionName}:LocalTokenFile"] = Server.TokenFile,
        [$"{VaultOptions.SectionName}:LocalCertificateFile"] = Server.CertificateFile,
    };

    /// <summary>Starts a vault on the given clock.</summary>
    public static async Task<LocalVaultFixture> StartAsync(TimeProvider? time = null, int pageSize = 25)
    {
        var fixture = new LocalVaultFixture(time ?? TimeProvider.System, pageSize);
        await fixture.StartServerAsync();
        return fixture;
    }

    /// <summary>Makes a new client of this vault.</summary>
    public SecretClient CreateClient() => VaultClientFactory.Create(Options, _time);

    /// <summary>Stops the server and starts it again on the same folder and another port.</summary>
    public async Task RestartAsync()
    {
        await Server.DisposeAsync();
        await StartServerAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task StartServerAsync() => _server = await LocalVaultServer.StartAsync(
        new LocalVaultOptions { DataDirectory = _folder, PageSize = _pageSize }, _time, CancellationToken.None);
}
