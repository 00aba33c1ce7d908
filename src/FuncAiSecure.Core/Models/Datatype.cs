using System.Text.Json.Serialization;

namespace FuncAiSecure.Core.Models;

/// <summary>Element types of tensors, spelled on the wire as the Open Inference Protocol does.</summary>
public enum Datatype
{
    /// <summary>One byte, 0 or 1.</summary>
    [JsonStringEnumMemberName("BOOL")]
    Bool,

    /// <summary>Unsigned, 8 bits.</summary>
    [JsonStringEnumMemberName("UINT8")]
    Uint8,

    /// <summary>Unsigned, 16 bits.</summary>
    [JsonStringEnumMemberName("UINT16")]
    Uint16,

    /// <summary>Unsigned, 32 bits.</summary>
    [JsonStringEnumMemberName("UINT32")]
    Uint32,

    /// <summary>Unsigned, 64 bits.</summary>
    [JsonStringEnumMemberName("UINT64")]
    Uint64,

    /// <summary>Signed, 8 bits.</summary>
    [JsonStringEnumMemberName("INT8")]
    Int8,

    /// <summary>Signed, 16 bits.</summary>
    [JsonStringEnumMemberName("INT16")]
    Int16,

    /// <summary>Signed, 32 bits.</summary>
    [JsonStringEnumMemberName("INT32")]
    Int32,

    /// <summary>Signed, 64 bits.</summary>
    [JsonStringEnumMemberName("INT64")]
    Int64,

    /// <summary>IEEE 754 binary16.</summary>
    [JsonStringEnumMemberName("FP16")]
    Fp16,

    /// <summary>The upper half of a binary32.</summary>
    [JsonStringEnumMemberName("BF16")]
    Bf16,

    /// <summary>IEEE 754 binary32.</summary>
    [JsonStringEnumMemberName("FP32")]
    Fp32,

    /// <summary>IEEE 754 binary64.</summary>
    [JsonStringEnumMemberName("FP64")]
    Fp64,

    /// <summary>Text: a string tensor of the runtime.</summary>
    [JsonStringEnumMemberName("BYTES")]
    Bytes,
}
