using System.Text.Json;
using FuncAiSecure.Hosting;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Functions;

/// <summary>Liveness and readiness, for load balancers and gateways that hold no key.</summary>
public static class HealthFunctions
{
    internal const string LiveRoute = "v2/health/live";
    internal const string ReadyRoute = "v2/health/ready";

    /// <summary>200 while the process answers.</summary>
    [Function(nameof(HealthLive))]
    public static Task HealthLive([HttpTrigger(AuthorizationLevel.Anonymous, Route = LiveRoute)] HttpRequest request, FunctionContext context)
    {
        WriteFlags(context.Request(), StatusCodes.Status200OK, live: true, ready: null, failing: []);
        return Task.CompletedTask;
    }

    /// <summary>200 when every dependency answers, every preloaded model is warm and the chain has refused what it must refuse.</summary>
    [Function(nameof(HealthReady))]
    public static Task HealthReady([HttpTrigger(AuthorizationLevel.Anonymous, Route = ReadyRoute)] HttpRequest request, FunctionContext context)
    {
        var failing = context.InstanceServices.GetRequiredService<Readiness>().Failing;
        var ready = failing.Count == 0;
        if (!ready)
        {
            request.HttpContext.Response.Headers.RetryAfter = "5";
        }

        WriteFlags(context.Request(), ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, live: true, ready, failing);
        return Task.CompletedTask;
    }

    // The protocol's text and its implementations disagree on the member's name, so both are there.
    private static void WriteFlags(RequestState state, int status, bool live, bool? ready, IReadOnlyCollection<string> failing)
    {
        state.Answer(status);
        using var json = new Utf8JsonWriter(state.Output);
        json.WriteStartObject();
        json.WriteBoolean("live", live);
        if (ready is { } value)
        {
            json.WriteBoolean("ready", value);
        }

        if (failing.Count > 0)
        {
            json.WriteStartArray("failing");
            foreach (var name in failing)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
