using System.Text.Json;
using FuncAiSecure.Core.Identity.Access;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Functions;

/// <summary>The models that a caller may use, in OpenAI's shape.</summary>
public static class ModelListFunctions
{
    internal const string ListRoute = "v1/models";
    internal const string GetRoute = "v1/models/{model}";

    /// <summary>Lists the models that the caller may use, and no others.</summary>
    [Function(nameof(ListModels))]
    public static Task ListModels([HttpTrigger(AuthorizationLevel.Anonymous, Route = ListRoute)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        var names = context.InstanceServices.GetRequiredService<ModelCatalog>().List()
            .Where(status => status.IsServing && AccessPolicy.CanSee(state.Principal!, status.Name) && status.Manifest?.Admits(state.Principal!) == true)
            .Select(status => status.Name)
            .Distinct(StringComparer.Ordinal);
        using var json = new Utf8JsonWriter(state.Output);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var name in names)
        {
            WriteModel(json, name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return Task.CompletedTask;
    }

    /// <summary>One model.</summary>
    [Function(nameof(GetModel))]
    public static Task GetModel([HttpTrigger(AuthorizationLevel.Anonymous, Route = GetRoute)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        using var json = new Utf8JsonWriter(state.Output);
        WriteModel(json, state.Model!.Manifest.Name);
        return Task.CompletedTask;
    }

    // A folder's manifest says nothing of when it was made, so the time is a constant and not a guess.
    private static void WriteModel(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("id", name);
        json.WriteString("object", "model");
        json.WriteNumber("created", 0);
        json.WriteString("owned_by", "funcaisecure");
        json.WriteEndObject();
    }
}
