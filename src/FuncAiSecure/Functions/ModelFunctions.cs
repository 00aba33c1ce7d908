using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Functions;

/// <summary>Metadata and readiness of the server and of its models (Open Inference Protocol).</summary>
public static class ModelFunctions
{
    internal const string ServerRoute = "v2";
    internal const string ModelRoute = "v2/models/{model}";
    internal const string ModelVersionRoute = "v2/models/{model}/versions/{version:int:min(1)}";
    internal const string ModelReadyRoute = ModelRoute + "/ready";
    internal const string ModelVersionReadyRoute = ModelVersionRoute + "/ready";

    private static readonly string Version =
        typeof(ModelFunctions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Name, version and extensions of the server.</summary>
    [Function(nameof(ServerMetadata))]
    public static Task ServerMetadata([HttpTrigger(AuthorizationLevel.Anonymous, Route = ServerRoute)] HttpRequest request, FunctionContext context)
    {
        using var json = new Utf8JsonWriter(context.Request().Output);
        json.WriteStartObject();
        json.WriteString("name", "funcaisecure");
        json.WriteString("version", Version);
        json.WriteStartArray("extensions");
        json.WriteStringValue("binary_tensor_data");
        json.WriteStringValue("statistics");
        json.WriteEndArray();
        json.WriteEndObject();
        return Task.CompletedTask;
    }

    /// <summary>Inputs, outputs and versions of a model.</summary>
    [Function(nameof(ModelMetadata))]
    public static Task ModelMetadata([HttpTrigger(AuthorizationLevel.Anonymous, Route = ModelRoute)] HttpRequest request, FunctionContext context) =>
        WriteMetadata(context);

    /// <summary>Inputs and outputs of a version.</summary>
    [Function(nameof(ModelVersionMetadata))]
    public static Task ModelVersionMetadata(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = ModelVersionRoute)] HttpRequest request, FunctionContext context) =>
        WriteMetadata(context);

    /// <summary>Whether a model serves.</summary>
    [Function(nameof(ModelReady))]
    public static Task ModelReady([HttpTrigger(AuthorizationLevel.Anonymous, Route = ModelReadyRoute)] HttpRequest request, FunctionContext context) =>
        WriteReadyAsync(context);

    /// <summary>Whether a version serves.</summary>
    [Function(nameof(ModelVersionReady))]
    public static Task ModelVersionReady(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = ModelVersionReadyRoute)] HttpRequest request, FunctionContext context) =>
        WriteReadyAsync(context);

    private static Task WriteMetadata(FunctionContext context)
    {
        var state = context.Request();
        var manifest = state.Model!.Manifest;
        var versions = context.InstanceServices.GetRequiredService<ModelCatalog>().List()
            .Where(status => status.Name == manifest.Name && status.State is not ModelState.Refused)
            .Select(status => status.Version);
        using var json = new Utf8JsonWriter(state.Output);
        json.WriteStartObject();
        json.WriteString("name", manifest.Name);
        json.WriteStartArray("versions");
        foreach (var version in state.RequestedVersion is { } only ? [only] : versions)
        {
            json.WriteStringValue(version.ToString(CultureInfo.InvariantCulture));
        }

        json.WriteEndArray();
        json.WriteString("platform", "onnx_onnxv1");
        WriteTensors(json, "inputs", manifest.Inputs);
        WriteTensors(json, "outputs", manifest.Outputs);
        json.WriteEndObject();
        return Task.CompletedTask;
    }

    private static void WriteTensors(Utf8JsonWriter json, string name, IEnumerable<TensorSpec> tensors)
    {
        json.WriteStartArray(name);
        foreach (var tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("datatype", WireName(tensor.Datatype));
            json.WriteStartArray("shape");
            foreach (var dimension in tensor.Shape)
            {
                json.WriteNumberValue(dimension);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Loaded here if it is not yet: whether a version passes its golden tests is known only then, and ready must not be said of one that fails.
    private static async Task WriteReadyAsync(FunctionContext context)
    {
        var state = context.Request();
        if (await state.LoadModelAsync().ConfigureAwait(false) is not { } model)
        {
            return;
        }

        using var json = new Utf8JsonWriter(state.Output);
        json.WriteStartObject();
        json.WriteString("name", model.Manifest.Name);
        json.WriteBoolean("ready", true);
        json.WriteEndObject();
    }

    private static string WireName(Datatype datatype) =>
        typeof(Datatype).GetField(datatype.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name;
}
