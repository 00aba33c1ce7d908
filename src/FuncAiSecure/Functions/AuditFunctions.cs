using System.Text.Json;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Reading;
using FuncAiSecure.Core.Storage;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Functions;

/// <summary>The audit trail for those who may read it, and its retention.</summary>
public static class AuditFunctions
{
    internal const string ReadRoute = "manage/audit";

    private static readonly Refusal Away = new(RefusalCode.DependencyUnavailable) { Detail = "The audit trail cannot be read at present." };

    /// <summary>
    /// Matching records, chain by chain from the oldest: <c>from</c>, <c>to</c>, <c>principal</c>, <c>model</c>, <c>outcome</c>,
    /// <c>request</c> choose, <c>limit</c> and <c>after</c> page.
    /// </summary>
    [Function(nameof(ManageAudit))]
    public static async Task ManageAudit([HttpTrigger(AuthorizationLevel.Anonymous, Route = ReadRoute)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        if (!AuditPage.TryRead(request.Query, out var page, out var refusal))
        {
            state.Refuse(refusal);
            return;
        }

        var entries = new List<AuditEntry>();
        var archive = context.InstanceServices.GetRequiredService<AuditArchive>();
        try
        {
            await foreach (var entry in archive.ReadAsync(page.Query, page.After, state.Cancellation))
            {
                entries.Add(entry);
                if (entries.Count == page.Limit)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (ServiceFailure.Is(e, state.Cancellation))
        {
            state.Refuse(Away);
            return;
        }

        Write(state, entries, hasMore: entries.Count == page.Limit);
    }

    /// <summary>Deletes, every night, what is older than the deployment keeps.</summary>
    [Function(nameof(SweepAudit))]
    public static Task SweepAudit([TimerTrigger("0 40 2 * * *", UseMonitor = false)] TimerInfo timer, FunctionContext context) =>
        context.InstanceServices.GetRequiredService<AuditRetention>().SweepAsync(context.CancellationToken);

    private static void Write(RequestState state, List<AuditEntry> entries, bool hasMore)
    {
        state.Answer(StatusCodes.Status200OK);
        using var json = new Utf8JsonWriter(state.Output);
        json.WriteStartObject();
        json.WriteStartArray("records");
        foreach (var entry in entries)
        {
            entry.Write(json);
        }

        json.WriteEndArray();
        if (hasMore)
        {
            json.WriteString("next", entries[^1].Cursor.ToString());
        }

        json.WriteEndObject();
    }
}
