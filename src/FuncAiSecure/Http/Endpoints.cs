using System.Collections.Frozen;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Functions;

namespace FuncAiSecure.Http;

/// <summary>Every HTTP function of the app with what the chain needs to know about it. A test holds it equal to the functions.</summary>
internal static class Endpoints
{
    private static readonly string[] Post = ["POST"];

    /// <summary>The table.</summary>
    public static IReadOnlyList<Endpoint> All { get; } =
    [
        // Anyone may ask whether the server lives; nothing else is said to strangers.
        new(nameof(HealthFunctions.HealthLive), ApiFamily.OpenInference, HealthFunctions.LiveRoute),
        new(nameof(HealthFunctions.HealthReady), ApiFamily.OpenInference, HealthFunctions.ReadyRoute),

        new(nameof(InferFunctions.ModelInfer), ApiFamily.OpenInference, InferFunctions.ModelInferRoute)
        {
            Methods = Post,
            Role = Roles.Infer,
            NamesModel = true,
            Body = BodyKind.JsonOrBinary,
        },
        new(nameof(InferFunctions.ModelVersionInfer), ApiFamily.OpenInference, InferFunctions.ModelVersionInferRoute)
        {
            Methods = Post,
            Role = Roles.Infer,
            NamesModel = true,
            Body = BodyKind.JsonOrBinary,
        },

        // Whatever no route took.
        new(nameof(UnmatchedFunctions.ZNotFound), ApiFamily.Own, UnmatchedFunctions.Route)
        {
            Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"],
            Body = BodyKind.Any,
        },
    ];

    private static readonly FrozenDictionary<string, Endpoint> ByFunction =
        All.ToFrozenDictionary(endpoint => endpoint.Function, StringComparer.OrdinalIgnoreCase);

    /// <summary>The endpoint of a function.</summary>
    /// <exception cref="InvalidOperationException">The function has no entry: it must not be served.</exception>
    public static Endpoint Of(string function) =>
        ByFunction.TryGetValue(function, out var endpoint)
            ? endpoint
            : throw new InvalidOperationException($"The function {function} has no entry in the endpoint table.");
}
