using FuncAiSecure.Core.Secrets;

namespace FuncAiSecure.Core.Tests.Secrets;

public sealed class VaultOptionsTests
{
    public static TheoryData<string, VaultOptions, bool> Cases => new()
    {
        { "managed identity over https", Managed("https://x.vault.azure.net"), true },
        { "managed identity over http", Managed("http://x.vault.azure.net"), false },
        { "managed identity with the local vault's files", Local("https://127.0.0.1:1", VaultCredentialKind.ManagedIdentity), false },
        { "local vault on loopback", Local("https://127.0.0.1:1"), true },
        { "local vault on localhost", Local("https://localhost:1"), true },
        { "local vault elsewhere", Local("https://x.vault.azure.net"), false },
        { "local vault over http", Local("http://127.0.0.1:1"), false },
        { "local vault without its files", new() { Uri = new("https://127.0.0.1:1"), Credential = VaultCredentialKind.LocalVault }, false },
        { "relative address", new() { Uri = new("vault", UriKind.Relative) }, false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Options_are_accepted_only_when_credential_and_address_agree(string what, VaultOptions options, bool valid) =>
        new VaultCredentialValidator().Validate(null, options).Succeeded.ShouldBe(valid, what);

    [Fact]
    public void Factory_refuses_invalid_options() =>
        Should.Throw<SettingsException>(() => VaultClientFactory.Create(new VaultOptions(), TimeProvider.System));

    [Theory]
    [InlineData("no-such-file.pem")]
    [InlineData(".")]
    [InlineData("FuncAiSecure.Core.dll")]
    public void Factory_names_the_file_that_is_no_certificate(string file)
    {
        var options = Local("https://127.0.0.1:1");
        options.LocalCertificateFile = Path.GetFullPath(file, AppContext.BaseDirectory);

        Should.Throw<SettingsException>(() => VaultClientFactory.Create(options, TimeProvider.System)).Message.ShouldContain(options.LocalCertificateFile);
    }

    private static VaultOptions Managed(string uri) => new() { Uri = new(uri) };

    private static VaultOptions Local(string uri, VaultCredentialKind kind = VaultCredentialKind.LocalVault) =>
        new() { Uri = new(uri), Credential = kind, LocalTokenFile = "token", LocalCertificateFile = "certificate.pem" };
}
