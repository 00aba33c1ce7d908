using System.Text.Json;
using Azure;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.LocalVault;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Secrets;

/// <summary>What the local vault keeps in its folder.</summary>
public sealed class LocalVaultFolderTests : IAsyncLifetime
{
    private LocalVaultFixture _vault = null!;
    private SecretClient _client = null!;

    public async Task InitializeAsync()
    {
        _vault = await LocalVaultFixture.StartAsync();
        _client = _vault.CreateClient();
    }

    public async Task DisposeAsync() => await _vault.DisposeAsync();

    [Fact]
    public async Task Secrets_survive_a_restart()
    {
        await _client.SetSecretAsync("alpha", "one");

        await _vault.RestartAsync();

        (await _vault.CreateClient().GetSecretAsync("alpha")).Value.Value.ShouldBe("one");
    }

    [Fact]
    public async Task A_change_that_the_disk_refuses_is_an_error_and_no_change()
    {
        KeyVaultSecret alpha = await _client.SetSecretAsync("alpha", "one");
        await _client.SetSecretAsync("old", "1");
        await _client.StartDeleteSecretAsync("old");

        // A folder in the place of the file that is written first.
        var obstacle = Directory.CreateDirectory(Path.Combine(_vault.Folder, "secrets.json.new"));
        alpha.Properties.Enabled = false;
        await Should.ThrowAsync<RequestFailedException>(() => _client.SetSecretAsync("alpha", "two"));
        await Should.ThrowAsync<RequestFailedException>(() => _client.SetSecretAsync("beta", "two"));
        await Should.ThrowAsync<RequestFailedException>(() => _client.UpdateSecretPropertiesAsync(alpha.Properties));
        await Should.ThrowAsync<RequestFailedException>(() => _client.StartRecoverDeletedSecretAsync("old"));
        await Should.ThrowAsync<RequestFailedException>(() => _client.PurgeDeletedSecretAsync("old"));
        await ShouldBeAsBeforeAsync();
        await Should.ThrowAsync<RequestFailedException>(() => _client.StartDeleteSecretAsync("alpha"));
        await ShouldBeAsBeforeAsync();

        obstacle.Delete();
        await _client.SetSecretAsync("gamma", "three");
        await ShouldBeAsBeforeAsync();

        async Task ShouldBeAsBeforeAsync()
        {
            (await _client.GetSecretAsync("alpha")).Value.Value.ShouldBe("one");
            (await Should.ThrowAsync<RequestFailedException>(() => _client.GetSecretAsync("beta"))).Status.ShouldBe(404);
            (await _client.GetDeletedSecretAsync("old")).Value.Name.ShouldBe("old");
        }
    }

    [Fact]
    public async Task Second_vault_on_the_same_folder_is_refused()
    {
        var second = () => LocalVaultServer.StartAsync(new LocalVaultOptions { DataDirectory = _vault.Folder }, TimeProvider.System, CancellationToken.None);

        (await second.ShouldThrowAsync<IOException>()).Message
            .ShouldBe($"The process cannot access the file '{Path.Combine(_vault.Folder, "lock")}' because it is being used by another process.");
        await _client.SetSecretAsync("alpha", "one");
        await _vault.RestartAsync();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_locked_is_not_said_to_be_another_vaults()
    {
        var folder = Path.Combine(_vault.Folder, "other");
        Directory.CreateDirectory(folder);
        File.CreateSymbolicLink(Path.Combine(folder, "lock"), "lock");

        var start = () => LocalVaultServer.StartAsync(new LocalVaultOptions { DataDirectory = folder }, TimeProvider.System, CancellationToken.None);

        (await start.ShouldThrowAsync<IOException>()).Message.ShouldNotContain("nother");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[{\"canary\":1}]")]
    public async Task Damaged_secrets_stop_the_start_are_not_quoted_and_keep_no_folder(string content)
    {
        await _client.SetSecretAsync("alpha", "one");
        var file = Path.Combine(_vault.Folder, "secrets.json");
        var good = await File.ReadAllBytesAsync(file);
        await File.WriteAllTextAsync(file, content);

        (await _vault.RestartAsync().ShouldThrowAsync<IOException>()).ToString().ShouldNotContain("canary");

        await File.WriteAllBytesAsync(file, good);
        await _vault.RestartAsync();
    }

    [Fact]
    public void Files_are_readable_by_their_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = Path.GetDirectoryName(_vault.Server.TokenFile)!;
        File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.GetFiles(folder).Length.ShouldBeGreaterThan(2);
        foreach (var file in Directory.GetFiles(folder))
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }
    }

    [Fact]
    public async Task Ready_file_says_how_to_reach_the_server()
    {
        var file = Path.Combine(Path.GetTempPath(), "funcai-ready-" + Guid.NewGuid().ToString("N"), "vault");
        var folder = Path.GetDirectoryName(file)!;
        var ready = Path.Combine(folder, "ready.json");
        try
        {
            await using var server = await LocalVaultServer.StartAsync(
                new LocalVaultOptions { DataDirectory = file, ReadyFile = ready }, TimeProvider.System, CancellationToken.None);

            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(ready));
            json.RootElement.GetProperty("uri").GetString().ShouldBe(server.Uri.AbsoluteUri);
            File.Exists(json.RootElement.GetProperty("certificateFile").GetString()).ShouldBeTrue();
            File.Exists(json.RootElement.GetProperty("tokenFile").GetString()).ShouldBeTrue();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
