using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Data.Tables;
using Azure.Identity;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Capture;
using FuncAiSecure.Core.Audit.Reading;
using FuncAiSecure.Core.Storage;

namespace FuncAiSecure.Cli.Commands.Audit;

/// <summary>What the audit commands share: the trail that the settings name, and how a record is shown.</summary>
internal static class AuditAccess
{
    public static VaultAuditSecrets Secrets(CliContext context) => new(context.CreateVaultClient(), OptionsOf(context).SecretName);

    public static VaultAuditSecrets PayloadSecrets(CliContext context) => new(context.CreateVaultClient(), OptionsOf(context).PayloadSecretName);

    public static AuditArchive Archive(CliContext context) => new(Table(context, OptionsOf(context).TableName), Secrets(context), context.Time);

    public static AuditRecorder Recorder(CliContext context) => new(Table(context, OptionsOf(context).TableName), Secrets(context), context.Time);

    public static PayloadStore Payloads(CliContext context) => new(Table(context, OptionsOf(context).PayloadTableName), PayloadSecrets(context), context.Time);

    /// <summary>Runs a command's work; what storage or vault refuse is an error message and an exit code, not a stack.</summary>
    public static void SetAuditAction(this Command command, CliContext context, Func<ParseResult, CliOutput, CancellationToken, Task<int>> work) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = context.Open(parsed);
            try
            {
                return await work(parsed, output, cancellationToken);
            }
            catch (RequestFailedException refused) when (refused.Status != 0)
            {
                return output.Fail($"Storage or vault refused: {refused.Status} {refused.ErrorCode}".TrimEnd());
            }
            catch (AuthenticationFailedException)
            {
                return output.Fail("Storage or vault was not asked: this machine has no identity to show.");
            }
            catch (Exception e) when (e is not IOException && ServiceFailure.Is(e, cancellationToken))
            {
                // An output that cannot be written is neither's fault, and says so itself.
                return output.Fail("Storage or vault did not answer.");
            }
        });

    /// <summary>An option that is a day.</summary>
    public static Option<DateOnly?> Day(string name, string description) => new(name) { Description = description, CustomParser = CliValues.Day };

    public static void Write(CliContext context, ParseResult parsed, CliOutput output, IEnumerable<AuditEntry> entries) =>
        output.Write([.. entries.Select<AuditEntry, JsonObject>(parsed.GetValue(context.Output) == OutputFormat.Json ? Whole : Summary)]);

    /// <summary>The record as one line of JSON.</summary>
    public static string Line(AuditEntry entry)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            entry.Write(writer);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static JsonObject Whole(AuditEntry entry) => JsonNode.Parse(Line(entry))!.AsObject();

    private static JsonObject Summary(AuditEntry entry) => new()
    {
        ["time"] = entry.Time.ToString("u"),
        ["principal"] = entry.Principal ?? entry.Text("who"),
        ["action"] = entry.Text("action"),
        ["subject"] = entry.Text("subject"),
        ["about"] = entry.About ?? entry.Text("about"),
        ["model"] = entry.Text("model"),
        ["outcome"] = entry.Text("outcome"),
        ["status"] = entry.Text("status"),
        ["units"] = entry.Text("units"),
        ["request"] = entry.Text("request"),
    };

    private static TableClient Table(CliContext context, string name) =>
        StorageServiceCollectionExtensions.CreateClient(context.Configuration).GetTableClient(name);

    private static AuditOptions OptionsOf(CliContext context) =>
        context.Configuration.ReadSettings<AuditOptions>(AuditOptions.SectionName);
}
