using System.Globalization;
using System.Text.Json;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Audit.Capture;
using FuncAiSecure.Core.Identity.Access;
using FuncAiSecure.Core.Storage;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Functions;

/// <summary>Captured payloads, for those who may read them. Each reading is an audit record that names the request.</summary>
public static class PayloadFunctions
{
    internal const string Route = "manage/audit/payloads/{id}";

    private static readonly Refusal None = new(RefusalCode.NotFound) { Detail = "Nothing was captured of such a request, or nothing that this principal may see." };
    private static readonly Refusal Away = new(RefusalCode.DependencyUnavailable) { Detail = "Captured payloads cannot be read at present." };

    /// <summary>What was captured under a request's id, of models that the caller may use: <c>?day=2026-01-31</c> (UTC) searches that day only.</summary>
    [Function(nameof(ManagePayloads))]
    public static async Task ManagePayloads([HttpTrigger(AuthorizationLevel.Anonymous, Route = Route)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        if (!TryReadDay(request.Query, out var day))
        {
            state.Refuse(new Refusal(RefusalCode.UnsupportedParameter) { Parameter = "day", Detail = "day is a date such as 2026-01-31; nothing else is known here." });
            return;
        }

        if (state.Http.GetRouteValue("id") is not string id || !RequestId.IsSafe(id))
        {
            state.Refuse(None);
            return;
        }

        state.Subject = id;
        try
        {
            var (payloads, hasMore) = await context.InstanceServices.GetRequiredService<PayloadStore>().ReadAsync(id, day, MaySee, state.Cancellation);
            if (payloads.Count == 0)
            {
                state.Refuse(None);
                return;
            }

            Write(state, payloads, hasMore);
        }
        catch (Exception e) when (ServiceFailure.Is(e, state.Cancellation))
        {
            state.Refuse(Away);
        }

        bool MaySee(string model) => AccessPolicy.Decide(state.Principal!, AccessAction.ReadPayloads, model, null, state.ClientAddress) is null;
    }

    private static bool TryReadDay(IQueryCollection query, out DateOnly? day)
    {
        day = null;
        if (query.Count == 1 && query["day"] is [{ } text]
            && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
        {
            day = parsed;
        }

        return query.Count == 0 || day is not null;
    }

    private static void Write(RequestState state, IReadOnlyList<CapturedPayload> payloads, bool hasMore)
    {
        state.Answer(StatusCodes.Status200OK);
        using var json = new Utf8JsonWriter(state.Output);
        json.WriteStartObject();
        json.WriteStartArray("payloads");
        foreach (var payload in payloads)
        {
            payload.Write(json);
        }

        json.WriteEndArray();
        json.WriteBoolean("more", hasMore);
        json.WriteEndObject();
    }
}
