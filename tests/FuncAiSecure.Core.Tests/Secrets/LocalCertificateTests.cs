using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Secrets;

public sealed class LocalCertificateTests : IAsyncLifetime
{
    private LocalVaultFixture _vault = null!;

    public async Task InitializeAsync() => _vault = await LocalVaultFixture.StartAsync();

    public async Task DisposeAsync() => await _vault.DisposeAsync();

    [Theory]
    [InlineData("its renewal ended between key and certificate")]
    [InlineData("the key is damaged")]
    public async Task A_certificate_without_its_key_is_made_anew(string how)
    {
        await _vault.CreateClient().SetSecretAsync("alpha", "one");
        var key = Path.Combine(_vault.Folder, "key.pem");
        await using (var other = await LocalVaultFixture.StartAsync())
        {
            await File.WriteAllTextAsync(key, how.StartsWith("its", StringComparison.Ordinal) ? await File.ReadAllTextAsync(Path.Combine(other.Folder, "key.pem")) : "no key");
        }

        await _vault.RestartAsync();

        (await _vault.CreateClient().GetSecretAsync("alpha")).Value.Value.ShouldBe("one");
    }
}
