using FuncAiSecure.Core.Models;
using Microsoft.ML.OnnxRuntime;
using OrtMode = Microsoft.ML.OnnxRuntime.ExecutionMode;

namespace FuncAiSecure.Core.Inference.Sessions;

/// <summary>
/// Session options for a server of few cores: one thread inside a run, because two runs side by side do more than one run on two
/// threads; no spinning, because it burns what a neighbour could use; custom operators are never registered.
/// </summary>
internal static class SessionOptionsFactory
{
    public static SessionOptions Create(SessionSettings settings) => Fill(new SessionOptions(), settings);

    private static SessionOptions Fill(SessionOptions options, SessionSettings settings)
    {
        options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        options.IntraOpNumThreads = settings.IntraOpThreads ?? 1;
        options.InterOpNumThreads = settings.InterOpThreads ?? 1;
        options.ExecutionMode = settings.ExecutionMode == Models.ExecutionMode.Parallel ? OrtMode.ORT_PARALLEL : OrtMode.ORT_SEQUENTIAL;
        options.GraphOptimizationLevel = settings.GraphOptimization switch
        {
            GraphOptimization.Extended => GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
            GraphOptimization.Basic => GraphOptimizationLevel.ORT_ENABLE_BASIC,
            GraphOptimization.None => GraphOptimizationLevel.ORT_DISABLE_ALL,
            _ => GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        options.EnableCpuMemArena = settings.MemoryArena ?? true;

        // A plan for each shape takes some 25 KB in an encoder. Without plans the runs of all cores meet at the arena's lock for every node.
        options.EnableMemoryPattern = settings.MemoryPattern ?? true;

        // The runtime would tell a format of its own by the bytes, which nobody has judged.
        options.AddSessionConfigEntry("session.load_model_format", "ONNX");
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        return options;
    }
}
