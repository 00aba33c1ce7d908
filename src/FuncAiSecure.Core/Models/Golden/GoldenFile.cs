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
            var file = JsonSerializer.Deserialize(utf8, GoldenJson.Default.GoldenFile);
            faults = file is null ? [new(ModelManifest.GoldenFileName, "", "must be an object")] : [.. Check(file).Select(fault => new ModelFault(ModelManifest.GoldenFileName, fault.Pointer, fault.Message))];
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

        // The serializer lets null elements of arrays pass.
        for (var i = 0; i < file.Cases.Length; i++)
        {
            var faults = file.Cases[i] is { } one
                ? Check(one.Inputs, "inputs").Concat(Check(one.Outputs, "outputs"))
                : [("", "must be an object")];
            foreach (var (pointer, message) in faults)
            {
                yield return ($"/cases/{i}{pointer}", message);
            }
        }
    }

    private static IEnumerable<(string Pointer, string Message)> Check(ImmutableArray<GoldenData> tensors, string at)
    {
        if (tensors.IsEmpty)
        {
            yield return ($"/{at}", "must have an element");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < tensors.Length; i++)
        {
            if (tensors[i]?.ToTensor() is not { } tensor)
            {
                yield return ($"/{at}/{i}", "has data that does not fit its shape and datatype");
            }
            else if (!names.Add(tensor.Name))
            {
                yield return ($"/{at}/{i}/name", "repeats an earlier name");
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

        if (count != Data.Length)
        {
            return null;
        }

        var (numbers, texts) = (new List<double>(), new List<string>());
        foreach (var element in Data)
        {
            if (Datatype == Datatype.Bytes && Text(element) is { } text)
            {
                texts.Add(text);
            }
            else if (Number(element) is { } number && IsHeld(number))
            {
                numbers.Add(number);
            }
            else
            {
                return null;
            }
        }

        return new GoldenTensor { Name = Name, Datatype = Datatype, Shape = Shape, Numbers = [.. numbers], Texts = [.. texts] };
    }

    private static string? Text(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate, as an escape.
            return null;
        }
    }

    private double? Number(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True when Datatype == Datatype.Bool => 1,
        JsonValueKind.False when Datatype == Datatype.Bool => 0,
        _ => null,
    };

    private bool IsHeld(double number) => Datatype switch
    {
        Datatype.Bool => number is 0 or 1,
        Datatype.Uint8 => IsWhole(number, 0, 1L << 8),
        Datatype.Uint16 => IsWhole(number, 0, 1L << 16),
        Datatype.Uint32 => IsWhole(number, 0, 1L << 32),
        Datatype.Uint64 => IsWhole(number, 0, Math.ScaleB(1, 64)),
        Datatype.Int8 => IsWhole(number, sbyte.MinValue, 1L << 7),
        Datatype.Int16 => IsWhole(number, short.MinValue, 1L << 15),
        Datatype.Int32 => IsWhole(number, int.MinValue, 1L << 31),
        Datatype.Int64 => IsWhole(number, long.MinValue, Math.ScaleB(1, 63)),
        Datatype.Fp16 => Half.IsFinite((Half)number),
        Datatype.Bf16 or Datatype.Fp32 => float.IsFinite((float)number),
        Datatype.Fp64 => double.IsFinite(number),
        _ => false,
    };

    private static bool IsWhole(double number, double least, double past) => number >= least && number < past && Math.Floor(number) == number;
}

/// <summary>The strict JSON contract of golden tests.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(GoldenFile))]
internal sealed partial class GoldenJson : JsonSerializerContext;
