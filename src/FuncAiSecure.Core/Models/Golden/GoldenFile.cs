using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncAiSecure.Core.Models.Golden;

/// <summary>The content of <c>golden.json</c>: inputs and the outputs that an independent calculation expects of them.</summary>
internal sealed record GoldenFile
{
    /// <summary>Where the expected numbers come from.</summary>
    public required string Source { get; init; }

    /// <summary>The largest difference that does not depend on the value.</summary>
    public required double AbsoluteTolerance { get; init; }

    /// <summary>The largest difference as a share of the expected value.</summary>
    public required double RelativeTolerance { get; init; }

    /// <summary>The cases.</summary>
    public required ImmutableArray<GoldenCase> Cases { get; init; }

    /// <summary>Reads a file; null with faults where it is not good.</summary>
    public static GoldenFile? Read(ReadOnlySpan<byte> utf8, out ImmutableArray<ModelFault> faults)
    {
        try
        {
            var file = JsonSerializer.Deserialize(utf8, GoldenJson.Default.GoldenFile)!;
            faults = [.. Check(file).Select(fault => new ModelFault(ModelManifest.GoldenFileName, fault.Pointer, fault.Message))];
            return faults.IsEmpty ? file : null;
        }
        catch (JsonException e)
        {
            faults = [new(ModelManifest.GoldenFileName, null, $"is not the JSON that it should be, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}")];
            return null;
        }
    }

    private static IEnumerable<(string Pointer, string Message)> Check(GoldenFile file)
    {
        if (!(file.AbsoluteTolerance is >= 0 and <= 0.1))
        {
            yield return ("/absoluteTolerance", "must be 0 to 0.1");
        }

        if (!(file.RelativeTolerance is >= 0 and <= 0.1))
        {
            yield return ("/relativeTolerance", "must be 0 to 0.1");
        }

        if (file.Cases.Length is 0 or > 256)
        {
            yield return ("/cases", "must have 1 to 256 elements");
        }

        for (var i = 0; i < file.Cases.Length; i++)
        {
            foreach (var (at, tensors) in new[] { ("inputs", file.Cases[i].Inputs), ("outputs", file.Cases[i].Outputs) })
            {
                if (tensors.IsEmpty)
                {
                    yield return ($"/cases/{i}/{at}", "must have an element");
                }

                for (var j = 0; j < tensors.Length; j++)
                {
                    if (tensors[j].ToTensor() is null)
                    {
                        yield return ($"/cases/{i}/{at}/{j}", "has data that does not fit its shape and datatype");
                    }
                }
            }
        }
    }
}

/// <summary>One case.</summary>
internal sealed record GoldenCase
{
    /// <summary>What it shows.</summary>
    public required string Name { get; init; }

    /// <summary>What goes in.</summary>
    public required ImmutableArray<GoldenData> Inputs { get; init; }

    /// <summary>What is expected; outputs that are not named are not compared.</summary>
    public required ImmutableArray<GoldenData> Outputs { get; init; }
}

/// <summary>A tensor as the file writes it.</summary>
internal sealed record GoldenData
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The element type.</summary>
    public required Datatype Datatype { get; init; }

    /// <summary>The dimensions.</summary>
    public required ImmutableArray<long> Shape { get; init; }

    /// <summary>The elements, flat: numbers, true and false, or strings.</summary>
    public required ImmutableArray<JsonElement> Data { get; init; }

    /// <summary>The tensor; null where data and shape disagree.</summary>
    public GoldenTensor? ToTensor()
    {
        long count = 1;
        foreach (var dimension in Shape)
        {
            if (dimension is < 0 or > 1 << 20)
            {
                return null;
            }

            count *= dimension;
            if (count > 1 << 20)
            {
                return null;
            }
        }

        var kind = Datatype == Datatype.Bytes ? JsonValueKind.String : JsonValueKind.Number;
        if (count != Data.Length || !Data.All(element => element.ValueKind == kind || (Datatype == Datatype.Bool && element.ValueKind is JsonValueKind.True or JsonValueKind.False)))
        {
            return null;
        }

        return new GoldenTensor
        {
            Name = Name,
            Datatype = Datatype,
            Shape = Shape,
            Numbers = Datatype == Datatype.Bytes ? [] : [.. Data.Select(Number)],
            Texts = Datatype == Datatype.Bytes ? [.. Data.Select(element => element.GetString()!)] : [],
        };
    }

    private static double Number(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => element.GetDouble(),
    };
}

/// <summary>The strict JSON contract of golden tests.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(GoldenFile))]
internal sealed partial class GoldenJson : JsonSerializerContext;
