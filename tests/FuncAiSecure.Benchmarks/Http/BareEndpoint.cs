using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text.Json;
using FuncAiSecure.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace FuncAiSecure.Benchmarks.Http;

/// <summary>
/// What a team would write with no security at all and care for speed: Kestrel, the framework's JSON reader and writer over pooled
/// memory, one ONNX Runtime session. One FP32 input and one FP32 output, batch 1.
/// </summary>
internal sealed class BareEndpoint(InferenceSession session, string input, string output, int width) : IDisposable
{
    private static readonly RunOptions Options = new();
    private readonly string[] _inputs = [input];
    private readonly string[] _outputs = [output];

    /// <summary>It, for the model wine.</summary>
    public static BareEndpoint OfWine() => new(
        new InferenceSession(Path.Combine(Repository.Root, "models", "wine", "1", "model.onnx"), new SessionOptions { IntraOpNumThreads = 1 }),
        "measurements", "probabilities", 13);

    /// <summary>Serves the model wine as the whole of a process, and says where as the local host does.</summary>
    public static async Task ServeWineAsync()
    {
        using var endpoint = OfWine();
        await using var app = await endpoint.StartAsync(CancellationToken.None);
        Console.WriteLine($"Listening on {app.Urls.First()}");
        await app.WaitForShutdownAsync();
    }

    /// <summary>Starts it on a free loopback port.</summary>
    public async Task<WebApplication> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync(cancellation);
        return app;
    }

    public void Dispose() => session.Dispose();

    private async Task AnswerAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        ReadResult read;
        while (!(read = await reader.ReadAsync()).IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        var values = ArrayPool<float>.Shared.Rent(width);
        try
        {
            Read(read.Buffer, values);
            reader.AdvanceTo(read.Buffer.End);
            http.Response.ContentType = "application/json";
            Run(values, http.Response.BodyWriter);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }

        await http.Response.BodyWriter.FlushAsync();
    }

    private static void Read(ReadOnlySequence<byte> body, float[] values)
    {
        var json = new Utf8JsonReader(body);
        while (json.Read() && !(json.TokenType is JsonTokenType.PropertyName && json.ValueTextEquals("data"u8)))
        {
        }

        json.Read();
        for (var count = 0; json.Read() && json.TokenType is JsonTokenType.Number; count++)
        {
            values[count] = json.GetSingle();
        }
    }

    private void Run(float[] values, PipeWriter answer)
    {
        using var tensor = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values.AsMemory(0, width), [1, width]);
        using var results = session.Run(Options, _inputs, [tensor], _outputs);
        var found = results[0].GetTensorDataAsSpan<float>();
        using var json = new Utf8JsonWriter(answer);
        json.WriteStartObject();
        json.WriteStartArray("outputs");
        json.WriteStartObject();
        json.WriteString("name", _outputs[0]);
        json.WriteString("datatype", "FP32");
        json.WriteStartArray("shape");
        json.WriteNumberValue(1);
        json.WriteNumberValue(found.Length);
        json.WriteEndArray();
        json.WriteStartArray("data");
        foreach (var value in found)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
