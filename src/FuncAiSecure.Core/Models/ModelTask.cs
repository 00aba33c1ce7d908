using System.Text.Json.Serialization;

namespace FuncAiSecure.Core.Models;

/// <summary>What a model is asked.</summary>
public enum ModelTask
{
    /// <summary>Tensors in, tensors out; nothing is added.</summary>
    [JsonStringEnumMemberName("tensor")]
    Tensor,

    /// <summary>A text gets a probability for each label.</summary>
    [JsonStringEnumMemberName("text-classification")]
    TextClassification,

    /// <summary>A text gets a vector.</summary>
    [JsonStringEnumMemberName("text-embedding")]
    TextEmbedding,

    /// <summary>Each token of a text gets a label; answers are spans.</summary>
    [JsonStringEnumMemberName("token-classification")]
    TokenClassification,

    /// <summary>A pair of query and text gets a score.</summary>
    [JsonStringEnumMemberName("rerank")]
    Rerank,
}

/// <summary>What turns raw outputs into probabilities.</summary>
public enum Activation
{
    /// <summary>Nothing: the graph's output is what the caller gets.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>Softmax over the last dimension: one label holds.</summary>
    [JsonStringEnumMemberName("softmax")]
    Softmax,

    /// <summary>Logistic function of each element: labels hold apart from each other.</summary>
    [JsonStringEnumMemberName("sigmoid")]
    Sigmoid,
}

/// <summary>How the vectors of tokens become the vector of a text.</summary>
public enum Pooling
{
    /// <summary>The graph's output is already one vector a text.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>The mean over tokens that the attention mask keeps.</summary>
    [JsonStringEnumMemberName("mean")]
    Mean,

    /// <summary>The first token's vector.</summary>
    [JsonStringEnumMemberName("cls")]
    Cls,

    /// <summary>The largest value of each component over tokens that the attention mask keeps.</summary>
    [JsonStringEnumMemberName("max")]
    Max,
}
