using System.Text.Json;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.Functions;

/// <summary>Counters of a model version on this instance, in the shape of the protocol's statistics extension.</summary>
public static class StatisticsFunctions
{
    internal const string ModelRoute = ModelFunctions.ModelRoute + "/stats";
    internal const string ModelVersionRoute = ModelFunctions.ModelVersionRoute + "/stats";

    private const long NanosecondsPerTick = 100;

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
        var acquired = await state.Model!.GetModelAsync(state.Cancellation).ConfigureAwait(false);
        if (acquired.Refusal is { } refusal)
        {
            state.Refuse(refusal);
            return;
        }

        var manifest = state.Model.Manifest;
        var statistics = ((OnnxModel)acquired.Model!).Statistics;
        using var json = new Utf8JsonWriter(state.Output);
        json.WriteStartObject();
        json.WriteStartArray("model_stats");
        json.WriteStartObject();
        json.WriteString("name", manifest.Name);
        json.WriteString("version", manifest.Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
        json.WriteNumber("last_inference", statistics.LastInference);
        json.WriteNumber("inference_count", statistics.InferenceCount);
        json.WriteNumber("execution_count", statistics.ExecutionCount);
        json.WriteStartObject("inference_stats");
        Write(json, "success", statistics.SuccessCount, statistics.QueueTime + statistics.ComputeTime);
        Write(json, "fail", statistics.FailCount, statistics.FailTime);
        Write(json, "queue", statistics.SuccessCount, statistics.QueueTime);
        Write(json, "compute_infer", statistics.SuccessCount, statistics.ComputeTime);
        json.WriteEndObject();
        json.WriteEndObject();
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
