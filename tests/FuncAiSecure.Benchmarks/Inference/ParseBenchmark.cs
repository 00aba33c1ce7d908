using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FuncAiSecure.Core.Inference.Protocol;

namespace FuncAiSecure.Benchmarks.Inference;

/// <summary>JSON tensors against the framework's reader and writer; and ten million floats against float.Parse.</summary>
internal sealed class ParseBenchmark : IBenchmark
{
    // Several bodies in turn: a branch predictor would learn a single one.
    private const int Bodies = 64;

    public string Name => "parse";

    public string Purpose => "JSON and binary tensors, read and written";

    public Task RunAsync(Report report, CancellationToken cancellation)
    {
        var rounds = new Rounds(7, TimeSpan.FromMilliseconds(120));
        foreach (var count in new[] { 32, 384, 4096 })
        {
            report.Say($"{count} floats, {Bodies} different bodies in turn, {Body(count, 0).Length:N0} bytes each. The ratio is to the first row.");
            Table(report, rounds.Run(Readers(count), cancellation));
        }

        report.Say("Writing 384 floats.");
        Table(report, rounds.Run(Writers(384), cancellation));
        report.Say($"Bits that differ from float.Parse over 10,000,000 random texts: {Differences(10_000_000, cancellation)}.");
        return Task.CompletedTask;
    }

    private static void Table(Report report, IReadOnlyList<Timing> timings) => report.Table(
        ["", "µs", "ratio", "B allocated"],
        timings.Select(timing => (IReadOnlyList<string>)[timing.Name, Report.Number(timing.Micros), Report.Number(timing.Ratio), Report.Number(timing.Bytes)]));

    private static List<(string Name, Action Work)> Readers(int count)
    {
        var bodies = Enumerable.Range(0, Bodies).Select(index => Body(count, index)).ToArray();
        var binary = Binary(count, out var jsonLength);
        var names = new TensorNames(["x"]);
        var target = new float[count];
        var next = 0;
        return
        [
            ("Utf8JsonReader into an array", () => ReadByFramework(bodies[next++ % Bodies], target)),
            ("InferRequestReader", () => Read(bodies[next++ % Bodies], null)),
            ("InferRequestReader, binary data", () => Read(binary, jsonLength)),
        ];

        void Read(byte[] body, int? length)
        {
            if (InferRequestReader.Read(body, length, names, out var request) is not null)
            {
                throw new InvalidOperationException("refused");
            }

            request!.Dispose();
        }
    }

    private static List<(string Name, Action Work)> Writers(int count)
    {
        InferRequestReader.Read(Body(count, 1), null, TensorNames.None, out var request);
        var tensor = request!.Inputs[0];
        var values = tensor.Elements<float>().ToArray();
        var output = new ArrayBufferWriter<byte>(1 << 20);
        var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        return
        [
            ("Utf8JsonWriter", () =>
            {
                output.ResetWrittenCount();
                writer.Reset(output);
                writer.WriteStartArray();
                foreach (var value in values)
                {
                    writer.WriteNumberValue(value);
                }

                writer.WriteEndArray();
                writer.Flush();
            }),
            ("InferResponseWriter", () =>
            {
                output.ResetWrittenCount();
                InferResponseWriter.Write(output, "m", 1, request, [tensor]);
            }),
        ];
    }

    private static void ReadByFramework(byte[] body, float[] target)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 8 });
        var index = 0;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.Number)
                {
                    target[index++] = reader.GetSingle();
                }
            }
        }
    }

    private static byte[] Body(int count, int seed)
    {
        var random = new Random(seed);
        var values = Enumerable.Range(0, count).Select(_ => ((float)((random.NextDouble() * 2) - 1)).ToString("R", CultureInfo.InvariantCulture));
        return Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","shape":[1,{{count}}],"datatype":"FP32","data":[{{string.Join(',', values)}}]}]}""");
    }

    private static byte[] Binary(int count, out int jsonLength)
    {
        var json = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","shape":[1,{{count}}],"datatype":"FP32","parameters":{"binary_data_size":{{count * 4}} } }]}""");
        jsonLength = json.Length;
        var random = new Random(1);
        return [.. json, .. MemoryMarshal.AsBytes(Enumerable.Range(0, count).Select(_ => random.NextSingle()).ToArray().AsSpan())];
    }

    private static long Differences(int count, CancellationToken cancellation)
    {
        var random = new Random(99);
        Span<byte> text = stackalloc byte[48];
        long differences = 0;
        for (var index = 0; index < count; index++)
        {
            var length = RandomText(random, text);
            var at = 0;
            JsonNumber.ReadSingle(text[..length], ref at, out var value);
            var expected = float.Parse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
            differences += at == length && BitConverter.SingleToInt32Bits(value) == BitConverter.SingleToInt32Bits(expected) ? 0 : 1;
            if ((index & 0xFFFF) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }

        return differences;
    }

    // A third each: any finite single, any double of everyday size, the neighbourhood of the middle between two singles.
    private static int RandomText(Random random, Span<byte> text)
    {
        int length;
        switch (random.Next(3))
        {
            case 0:
                float any;
                do
                {
                    any = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
                }
                while (!float.IsFinite(any));
                any.TryFormat(text, out length, default, CultureInfo.InvariantCulture);
                return length;
            case 1:
                (((random.NextDouble() * 2) - 1) * Math.Pow(10, random.Next(-20, 20))).TryFormat(text, out length, default, CultureInfo.InvariantCulture);
                return length;
            default:
                var low = BitConverter.Int32BitsToSingle((random.Next(67, 190) << 23) | random.Next(1 << 23));
                var middle = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits((low + (double)MathF.BitIncrement(low)) / 2) + random.Next(-3, 4));
                middle.TryFormat(text, out length, default, CultureInfo.InvariantCulture);
                return length;
        }
    }
}
