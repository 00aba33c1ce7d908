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
    /// Matching records, day by day and chain by chain from the oldest: <c>from</c>, <c>to</c>, <c>principal</c>, <c>model</c>,
    /// <c>outcome</c>, <c>request</c> choose, <c>limit</c> and <c>after</c> page. While there is a <c>next</c>, there may be more.
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

        var archive = context.InstanceServices.GetRequiredService<AuditArchive>();
        try
        {
            var (entries, next) = await archive.ReadPageAsync(page.Query, page.After, page.Limit, state.Cancellation);
            Write(state, entries, next);
        }
        catch (Exception e) when (ServiceFailure.Is(e, state.Cancellation))
        {
            state.Refuse(Away);
        }
    }

    /// <summary>Deletes, every night, what is older than the deployment keeps.</summary>
    [Function(nameof(SweepAudit))]
    public static Task SweepAudit([TimerTrigger("0 40 2 * * *", UseMonitor = false)] TimerInfo timer, FunctionContext context) =>
        context.InstanceServices.GetRequiredService<AuditRetention>().SweepAsync(context.CancellationToken);

    private static void Write(RequestState state, IReadOnlyList<AuditEntry> entries, AuditCursor? next)
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
        if (next is { } place)
        {
            json.WriteString("next", place.ToString());
        }

        json.WriteEndObject();
    }
}
