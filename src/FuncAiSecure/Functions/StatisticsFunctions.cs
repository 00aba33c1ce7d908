using System.Globalization;
using System.Text.Json;
using FuncAiSecure.Core.Identity.Access;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Functions;

/// <summary>Counters of model versions on this instance, in the shape of the protocol's statistics extension.</summary>
public static class StatisticsFunctions
{
    internal const string AllRoute = "v2/models/stats";
    internal const string ModelRoute = ModelFunctions.ModelRoute + "/stats";
    internal const string ModelVersionRoute = ModelFunctions.ModelVersionRoute + "/stats";

    private const long NanosecondsPerTick = 100;

    /// <summary>Counters of every loaded version that the caller may use.</summary>
    [Function(nameof(AllStatistics))]
    public static Task AllStatistics([HttpTrigger(AuthorizationLevel.Anonymous, Route = AllRoute)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        var loaded = context.InstanceServices.GetRequiredService<ModelCatalog>().List()
            .Where(status => status.Counts is not null && status.Manifest is { } manifest && manifest.Admits(state.Principal!)
                && AccessPolicy.Decide(state.Principal!, AccessAction.ReadModel, status.Name, status.Version, state.ClientAddress) is null)
            .Select(status => (status.Name, status.Version, status.Counts!));
        Write(state, loaded);
        return Task.CompletedTask;
    }

    /// <summary>Counters of the promoted version.</summary>
    [Function(nameof(ModelStatistics))]
    public static Task ModelStatistics([HttpTrigger(AuthorizationLevel.Anonymous, Route = ModelRoute)] HttpRequest request, FunctionContext context) =>
        WriteAsync(context);

    /// <summary>Counters of a version.</summary>
    [Function(nameof(ModelVersionStatistics))]
    public static Task ModelVersionStatistics(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = ModelVersionRoute)] HttpRequest request, FunctionContext context) =>
        WriteAsync(context);

    private static async Task WriteAsync(FunctionContext context)
    {
        var state = context.Request();
        if (await state.LoadModelAsync().ConfigureAwait(false) is { } model)
        {
            Write(state, [(model.Manifest.Name, model.Manifest.Version, model.Counts)]);
        }
    }

    private static void Write(RequestState state, IEnumerable<(string Model, int Version, RunCounts Counts)> versions)
    {
        using var json = new Utf8JsonWriter(state.Output);
        json.WriteStartObject();
        json.WriteStartArray("model_stats");
        foreach (var (model, version, counts) in versions)
        {
            json.WriteStartObject();
            json.WriteString("name", model);
            json.WriteString("version", version.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("last_inference", counts.LastAnswer);
            json.WriteNumber("inference_count", counts.Rows);
            json.WriteNumber("execution_count", counts.Runs);
            json.WriteStartObject("inference_stats");
            Write(json, "success", counts.Answered, counts.Waited + counts.Ran);
            Write(json, "fail", counts.Failed, counts.FailedTime);
            Write(json, "queue", counts.Answered, counts.Waited);
            Write(json, "compute_infer", counts.Answered, counts.Ran);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, long count, TimeSpan time)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", count);
        json.WriteNumber("ns", time.Ticks * NanosecondsPerTick);
        json.WriteEndObject();
    }
}
