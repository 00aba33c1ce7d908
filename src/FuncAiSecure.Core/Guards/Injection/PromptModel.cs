using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using FuncAiSecure.Core.Guards.Normalization;

namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>
/// Reads the classifier from its model folder: the weights are the initializers of the ONNX graph that the catalog serves as any
/// other model, so there is one copy of them, under the manifest's hashes.
/// </summary>
internal static class PromptModel
{
    private const int ModelGraph = 7;
    private const int GraphInitializer = 5;
    private const int TensorName = 8;
    private const int TensorRawData = 9;

    /// <summary>The classifier of a graph's bytes and its calibration.</summary>
    public static PromptClassifier Read(ReadOnlySpan<byte> onnx, ReadOnlySpan<byte> calibration)
    {
        Dictionary<string, byte[]> initializers = [];
        foreach ((int graphField, Range graph) in Fields(onnx))
        {
            if (graphField != ModelGraph)
            {
                continue;
            }

            ReadOnlySpan<byte> inner = onnx[graph];
            foreach ((int field, Range tensor) in Fields(inner))
            {
                if (field == GraphInitializer)
                {
                    (string name, byte[] data) = Tensor(inner[tensor]);
                    initializers[name] = data;
                }
            }
        }

        T[] Values<T>(string name, int length)
            where T : unmanaged => initializers.TryGetValue(name, out byte[]? data) && data.Length == length * Unsafe.SizeOf<T>()
            ? MemoryMarshal.Cast<byte, T>(data).ToArray() : throw new InvalidDataException("The prompt guard's graph has no weights of this version's size.");
        WordNetwork network = new(
            Values<sbyte>("table", WordNetwork.Rows * WordNetwork.Units), Values<float>("scale", WordNetwork.Units), Values<float>("output", 2 * WordNetwork.Units));
        return Calibrated(Values<float>("weights", PromptFeatures.Slots), Values<float>("bias", 1)[0], network, calibration);
    }

    /// <summary>Whether an exception says that graph, calibration or golden cases are not what they should be.</summary>
    public static bool IsUnreadable(Exception e) =>
        e is InvalidDataException or JsonException or KeyNotFoundException or FormatException or InvalidOperationException;

    /// <summary>Whether the classifier gives every golden case's score within the file's tolerances. A file without cases proves nothing.</summary>
    public static bool Passes(PromptClassifier classifier, ReadOnlySpan<byte> golden)
    {
        Utf8JsonReader reader = new(golden);
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement file = document.RootElement, cases = file.GetProperty("cases");
        double absolute = file.GetProperty("absoluteTolerance").GetDouble(), relative = file.GetProperty("relativeTolerance").GetDouble();
        foreach (JsonElement one in cases.EnumerateArray())
        {
            JsonElement Tensor(string side, string name) => one.GetProperty(side).EnumerateArray().First(t => t.GetProperty("name").GetString() == name);
            double[] Input(string name) => [.. Tensor("inputs", name).GetProperty("data").EnumerateArray().Select(v => v.GetDouble())];
            double[] slots = Input("slot"), values = Input("value"), symbols = Input("word");
            int symbolsAWord = Tensor("inputs", "word").GetProperty("shape")[2].GetInt32();
            double expected = Tensor("outputs", "score").GetProperty("data")[0].GetDouble();
            if (slots.Length != values.Length || !(Math.Abs(classifier.ScoreOf(slots, values, symbols, symbolsAWord) - expected) <= absolute + (relative * Math.Abs(expected))))
            {
                return false;
            }
        }

        return cases.GetArrayLength() > 0;
    }

    private static PromptClassifier Calibrated(float[] weights, float bias, WordNetwork network, ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        ImmutableArray<CalibrationPoint> points =
        [
            .. document.RootElement.GetProperty("thresholds").EnumerateArray()
                .Select(p => new CalibrationPoint(p.GetProperty("falsePositiveRate").GetDouble(), p.GetProperty("score").GetDouble()))
                .OrderByDescending(p => p.FalsePositiveRate),
        ];
        if (document.RootElement.GetProperty("words").GetString() != CommonWords.Shared.Digest
            || !document.RootElement.TryGetProperty("glossary", out JsonElement glossary) || glossary.GetString() != Glossary.Shared.Digest)
        {
            throw new InvalidDataException("The prompt guard was made for another word list or glossary.");
        }

        return points.IsEmpty
            ? throw new InvalidDataException("The prompt guard has no calibration.")
            : new PromptClassifier(weights, bias, network, document.RootElement.GetProperty("windowCost").GetSingle(), points);
    }

    private static (string Name, byte[] Data) Tensor(ReadOnlySpan<byte> message)
    {
        string name = "";
        byte[] data = [];
        foreach ((int field, Range range) in Fields(message))
        {
            if (field == TensorName)
            {
                name = System.Text.Encoding.UTF8.GetString(message[range]);
            }
            else if (field == TensorRawData)
            {
                data = message[range].ToArray();
            }
        }

        return (name, data);
    }

    /// <summary>The length-delimited fields of a protocol buffers message; others are skipped.</summary>
    private static List<(int Field, Range Range)> Fields(ReadOnlySpan<byte> message)
    {
        List<(int, Range)> fields = [];
        int at = 0;
        while (at < message.Length)
        {
            ulong key = Varint(message, ref at);
            switch (key & 7)
            {
                case 0:
                    _ = Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                case 2:
                    ulong length = Varint(message, ref at);
                    if (length > (ulong)(message.Length - at))
                    {
                        throw new InvalidDataException("The prompt guard's graph is cut off.");
                    }

                    fields.Add(((int)(key >> 3), at..(at + (int)length)));
                    at += (int)length;
                    break;
                default:
                    throw new InvalidDataException("The prompt guard's graph is no ONNX model.");
            }
        }

        return fields;
    }

    private static ulong Varint(ReadOnlySpan<byte> message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && at < message.Length; shift += 7)
        {
            byte next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("The prompt guard's graph is cut off.");
    }
}
