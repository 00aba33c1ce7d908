using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Http;

/// <summary>What telemetry calls a task.</summary>
internal static class TaskNames
{
    /// <summary>The operation's name, in the generative-AI conventions where they have one.</summary>
    public static string Of(ModelTask task) => task switch
    {
        ModelTask.TextEmbedding => "embeddings",
        ModelTask.TextClassification => "classify",
        ModelTask.TokenClassification => "token_classify",
        ModelTask.Rerank => "rerank",
        _ => "infer",
    };
}
