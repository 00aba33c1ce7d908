using System.CommandLine;
using System.Text;
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

    /// <summary>Standard input: texts, or a secret, which must not stand among the arguments.</summary>
    /// <exception cref="IOException">It is closed.</exception>
    public TextReader Input { get => field ??= ReadUtf8(StandardStreams.OpenInput()); init; }

    /// <summary>
    /// A reader of UTF-8 and nothing else, with its mark or without: a character that is guessed at would be judged, or passed on, as another
    /// one. It throws <see cref="DecoderFallbackException"/>. A reader that looks for marks itself would guess behind one.
    /// </summary>
    public static StreamReader ReadUtf8(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false);

    /// <summary>The <c>--output</c> option, which every command takes.</summary>
    public Option<OutputFormat> Output { get; } = new("--output", "-o")
    {
        Description = "How results are written, as text or as one JSON document",
        DefaultValueFactory = _ => OutputFormat.Text,
        CustomParser = CliValues.Choice<OutputFormat>,
        Recursive = true,
    };

    /// <summary>Opens the output that the caller asked for.</summary>
    public CliOutput Open(ParseResult parsed) =>
        new(parsed.GetValue(Output), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);

    /// <summary>Opens the vault that the settings name.</summary>
    /// <exception cref="SettingsException">The settings are not valid; the message says which.</exception>
    public Azure.Security.KeyVault.Secrets.SecretClient CreateVaultClient()
    {
        var options = Configuration.ReadSettings<VaultOptions>(VaultOptions.SectionName);
        var client = VaultClientFactory.Create(options, Time);

        // The application waits for it; here, without a word, it would pass for a vault that does not answer.
        return options.LocalTokenFile is null || File.Exists(options.LocalTokenFile)
            ? client
            : throw new SettingsException($"{VaultOptions.SectionName}:{nameof(options.LocalTokenFile)}: there is no file {options.LocalTokenFile}.");
    }

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
