namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>Bounds on an inference request that hold whatever the model says; OpenAPI states the same numbers.</summary>
public static class InferLimits
{
    /// <summary>The longest name of a tensor, in UTF-8 bytes.</summary>
    public const int MaxNameBytes = 128;

    /// <summary>The longest request identifier, in UTF-8 bytes.</summary>
    public const int MaxIdBytes = 256;

    /// <summary>Tensors a request.</summary>
    public const int MaxInputs = 64;

    /// <summary>Requested outputs.</summary>
    public const int MaxOutputs = 64;

    /// <summary>Dimensions a tensor.</summary>
    public const int MaxRank = 8;

    /// <summary>Parameters an object.</summary>
    public const int MaxParameters = 32;

    /// <summary>Faults that one answer lists.</summary>
    public const int MaxErrors = 8;
}
