using System.Globalization;
using System.Text.Json;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity.Access;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Functions;

/// <summary>What the watch over behaviour has noticed.</summary>
public static class AnomalyFunctions
{
    internal const string Route = "manage/anomalies";
    internal const int MaxLimit = 1_000;
    private const int DefaultLimit = 100;

    /// <summary>
    /// The latest anomalies of all instances, newest first: <c>?limit=1…1000</c>, 100 without it. Of a model that the operator may not see
    /// no name is told, and nothing where it is about no principal.
    /// </summary>
    [Function(nameof(ManageAnomalies))]
    public static async Task ManageAnomalies([HttpTrigger(AuthorizationLevel.Anonymous, Route = Route)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        if (!TryReadLimit(request.Query, out var limit))
        {
            state.Refuse(new Refusal(RefusalCode.UnsupportedParameter) { Parameter = "limit", Detail = "limit is 1 to 1000; nothing else is known here." });
            return;
        }

        var report = context.InstanceServices.GetRequiredService<BehaviourReport>();
        if (await report.ListAsync(limit, state.Cancellation) is { } anomalies)
        {
            Write(state, anomalies);
        }
        else
        {
            state.Refuse(new Refusal(RefusalCode.DependencyUnavailable) { Detail = "Anomalies cannot be read at the moment." });
        }
    }

    private static bool TryReadLimit(IQueryCollection query, out int limit)
    {
        limit = DefaultLimit;
        return query.Count == 0
            || (query.Count == 1 && query["limit"] is [{ } text]
                && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit);
    }

    private static void Write(RequestState state, IReadOnlyList<Anomaly> anomalies)
    {
        state.Answer(StatusCodes.Status200OK);
        using var json = new Utf8JsonWriter(state.Output);
        json.WriteStartObject();
        json.WriteStartArray("anomalies");
        foreach (var anomaly in anomalies)
        {
            var isSeen = anomaly.Model is null || AccessPolicy.CanSee(state.Principal!, anomaly.Model);
            if (!isSeen && anomaly.Principal is null)
            {
                continue;
            }

            json.WriteStartObject();
            json.WriteString("at", anomaly.At);
            json.WriteString("signal", JsonNamingPolicy.CamelCase.ConvertName(anomaly.Signal.ToString()));
            json.WriteString("principal", anomaly.Principal);
            json.WriteString("model", isSeen ? anomaly.Model : null);
            json.WriteString("version", !isSeen ? null : anomaly.Version?.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("value", anomaly.Value);
            json.WriteNumber("limit", anomaly.Limit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
