using System.CommandLine;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Core.Secrets;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Configuration;

namespace FuncAiSecure.Cli;

/// <summary>What every command is given: the application's own configuration, and the clock.</summary>
public sealed class CliContext
{
    /// <summary>
    /// The same settings as the application's, read from the environment (<c>FuncAiSecure__Vault__Uri</c> and so on), so
    /// that a command acts on what the application would see.
    /// </summary>
    public required IConfiguration Configuration { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>What is read where a command takes a secret, which must not stand among its arguments.</summary>
    public TextReader Input { get; init; } = Console.In;

    /// <summary>The <c>--output</c> option, which every command takes.</summary>
    public Option<OutputFormat> Output { get; } = new("--output", "-o")
    {
        Description = "How results are written",
        DefaultValueFactory = _ => OutputFormat.Text,
        Recursive = true,
    };

    /// <summary>Opens the output that the caller asked for.</summary>
    public CliOutput Open(ParseResult parsed) =>
        new(parsed.GetValue(Output), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);

    /// <summary>Opens the vault that the settings name.</summary>
    /// <exception cref="SettingsException">The settings are not valid; the message says which.</exception>
    public Azure.Security.KeyVault.Secrets.SecretClient CreateVaultClient() =>
        VaultClientFactory.Create(Configuration.ReadSettings<VaultOptions>(VaultOptions.SectionName), Time);

    /// <summary>Key management on that vault.</summary>
    public ApiKeyService CreateKeyService() => new(CreateVaultClient(), Time);

    /// <summary>Quotas on the table that the settings name.</summary>
    /// <exception cref="SettingsException">The settings are not valid; the message says which.</exception>
    public QuotaService CreateQuotaService() =>
        QuotaServiceCollectionExtensions.CreateForTools(StorageServiceCollectionExtensions.CreateClient(Configuration), Configuration, Time);

    /// <summary>Key checks on that vault.</summary>
    public ApiKeyChecker CreateKeyChecker() => new(CreateVaultClient(), Time);
}

/// <summary>How results are written.</summary>
public enum OutputFormat
{
    /// <summary>Aligned text for people.</summary>
    Text,

    /// <summary>One JSON document for programs.</summary>
    Json,
}
