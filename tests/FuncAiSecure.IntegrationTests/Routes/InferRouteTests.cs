using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FuncAiSecure.IntegrationTests.Chain;

namespace FuncAiSecure.IntegrationTests.Routes;

/// <summary><c>/v2/models/{m}/infer</c>: the Open Inference Protocol with JSON and binary tensors, and everything that is none.</summary>
[Collection(RouteAppGroup.Name)]
public sealed class InferRouteTests(RouteApp app)
{
    private const string Two = "v2/models/two/infer";
    private const string A = """{"name":"a","datatype":"FP32","shape":[1,2],"data":[1,2]}""";
    private const string B = """{"name":"b","datatype":"FP32","shape":[1,2],"data":[3,4]}""";

    [Theory]
    [InlineData("[1,2,3,4]")]
    [InlineData("[[1,2],[3,4]]")]
    [InlineData("[[1e0,2.0],[0.3e1,40e-1]]")]
    public async Task Data_may_be_flat_or_nested(string data)
    {
        var answer = await app.SendAsync("POST", Two, $$"""
            {"id":"order-1","inputs":[{"name":"a","datatype":"FP32","shape":[2,2],"data":{{data}}},{"name":"b","datatype":"FP32","shape":[2,2],"data":[1,1,2,2]}]}
            """);

        var body = answer.ShouldBeServed();
        body.GetProperty("id").GetString().ShouldBe("order-1");
        body.GetProperty("model_name").GetString().ShouldBe("two");
        body.GetProperty("model_version").GetString().ShouldBe("1");
        Output(body, "product").ShouldBe([1, 2, 6, 8]);
        Output(body, "sum").ShouldBe([2, 3, 5, 6]);
        body.GetProperty("outputs")[0].GetProperty("shape").Numbers().ShouldBe([2, 2]);
    }

    [Fact]
    public async Task Only_the_outputs_that_were_asked_for_come()
    {
        var body = (await app.SendAsync("POST", Two, Ask(more: ",\"outputs\":[{\"name\":\"sum\"}]"))).ShouldBeServed();

        body.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("name").GetString()).ShouldBe(["sum"]);
        body.TryGetProperty("id", out _).ShouldBeFalse();
    }

    public static TheoryData<string, string, int, string, string?> Refused => new()
    {
        { "too few numbers", Ask(A.Replace("[1,2]}", "[1]}", StringComparison.Ordinal)), 422, "input-invalid", "/inputs/0/data" },
        { "too many numbers", Ask(A.Replace("[1,2]}", "[1,2,3]}", StringComparison.Ordinal)), 422, "input-invalid", "/inputs/0/data" },
        { "a number too large", Ask(A.Replace("[1,2]}", "[1,4e38]}", StringComparison.Ordinal)), 422, "input-invalid", "/inputs/0/data/1" },
        { "NaN as a text", Ask(A.Replace("[1,2]}", "[1,\"NaN\"]}", StringComparison.Ordinal)), 422, "input-invalid", "/inputs/0/data/1" },
        { "null", Ask(A.Replace("[1,2]}", "[null,2]}", StringComparison.Ordinal)), 422, "input-invalid", "/inputs/0/data/0" },
        { "NaN", Ask(A.Replace("[1,2]}", "[1,NaN]}", StringComparison.Ordinal)), 422, "input-invalid", "/inputs/0/data/1" },
        { "an unknown name", Ask(A.Replace("\"a\"", "\"c\"", StringComparison.Ordinal)), 422, "input-invalid", "/inputs/0/name" },
        { "another datatype", Ask(A.Replace("FP32", "INT64", StringComparison.Ordinal)), 422, "input-invalid", "/inputs/0/datatype" },
        { "another shape", Ask(A.Replace("[1,2],", "[2,1],", StringComparison.Ordinal)), 422, "input-invalid", "/inputs/0/shape/1" },
        { "another rank", Ask(A.Replace("[1,2],", "[2],", StringComparison.Ordinal)), 422, "input-invalid", "/inputs/0/shape" },
        { "a missing input", """{"inputs":[""" + A + "]}", 422, "input-invalid", "/inputs" },
        { "an unknown output", Ask(more: ",\"outputs\":[{\"name\":\"c\"}]"), 422, "input-invalid", "/outputs/0/name" },
        { "too many rows", """{"inputs":[{"name":"a","datatype":"FP32","shape":[9,2],"data":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]},{"name":"b","datatype":"FP32","shape":[9,2],"data":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}]}""", 422, "input-invalid", "/inputs/0/shape/0" },
        { "a datatype that is none", Ask(A.Replace("FP32", "FP33", StringComparison.Ordinal)), 400, "malformed-request", null },
        { "a negative dimension", Ask(A.Replace("[1,2],", "[-1,2],", StringComparison.Ordinal)), 400, "malformed-request", null },
        { "a shape of more than all memory", Ask(A.Replace("[1,2],", "[9223372036854775807,2],", StringComparison.Ordinal)), 400, "malformed-request", null },
        { "no inputs", """{"inputs":[]}""", 400, "malformed-request", "/inputs" },
        { "an input twice", """{"inputs":[""" + A + "," + A + "]}", 400, "malformed-request", null },
        { "an unknown parameter", Ask(more: ",\"parameters\":{\"sequence_id\":1}"), 400, "unsupported-parameter", null },
        { "an unknown member", Ask(more: ",\"model\":\"two\""), 400, "malformed-request", null },
        { "an open array", """{"inputs":[{"name":"a","datatype":"FP32","shape":[1,2],"data":[1,2""", 400, "malformed-request", null },
        { "no object", "[]", 400, "malformed-request", null },
        { "no inputs at all", "{}", 400, "malformed-request", null },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_the_model_does_not_take_is_refused_with_its_place(string what, string body, int status, string code, string? pointer)
    {
        var answer = await app.SendAsync("POST", Two, body);

        answer.Status.ShouldBe(status, $"{what}: {answer.Text}");
        answer.ShouldBeRefused(status, code, pointer);
        answer.Json.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task A_model_that_gives_no_number_gives_no_answer()
    {
        const string Log = """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,DATA]}]}""";

        (await app.SendAsync("POST", "v2/models/log/infer", Log.Replace("DATA", "-1", StringComparison.Ordinal))).ShouldBeRefused(422, "output-blocked");
        (await app.SendAsync("POST", "v2/models/log/infer", Log.Replace("DATA", "0", StringComparison.Ordinal))).ShouldBeRefused(422, "output-blocked");
        Output((await app.SendAsync("POST", "v2/models/log/infer", Log.Replace("DATA", "2", StringComparison.Ordinal))).ShouldBeServed(), "y").ShouldBe([0, 0.69], 1e-7);
    }

    [Fact]
    public async Task Binary_tensors_go_in_and_out()
    {
        var answer = await SendBinaryAsync(Head(8, 8), Bytes(1, 2, 3, 4), null);

        answer.Status.ShouldBe(200, answer.Text);
        answer.Headers["Content-Type"].ShouldBe("application/octet-stream");
        var length = int.Parse(answer.Headers["Inference-Header-Content-Length"], null);
        using var json = JsonDocument.Parse(answer.Bytes.AsMemory(0, length));
        var outputs = json.RootElement.GetProperty("outputs");
        outputs[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32().ShouldBe(8);
        outputs[0].TryGetProperty("data", out _).ShouldBeFalse();
        MemoryMarshal.Cast<byte, float>(answer.Bytes.AsSpan(length)).ToArray().ShouldBe([3, 8, 4, 6]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_without_content_type_is_what_its_header_says(bool binary)
    {
        var answer = binary
            ? await SendBinaryAsync(Head(8, 8), Bytes(1, 2, 3, 4), null, type: null)
            : await app.SendAsync("POST", Two, Ask(), request => request.Content!.Headers.ContentType = null);

        answer.Status.ShouldBe(200, answer.Text);
        answer.Headers["Content-Type"].ShouldBe(binary ? "application/octet-stream" : "application/json");
    }

    [Fact]
    public async Task One_output_may_be_binary_and_the_other_not()
    {
        const string More = ",\"outputs\":[{\"name\":\"sum\",\"parameters\":{\"binary_data\":true}},{\"name\":\"product\"}]";

        var answer = await app.SendAsync("POST", Two, Ask(more: More));

        answer.Status.ShouldBe(200, answer.Text);
        var length = int.Parse(answer.Headers["Inference-Header-Content-Length"], null);
        using var json = JsonDocument.Parse(answer.Bytes.AsMemory(0, length));
        Output(json.RootElement, "product").ShouldBe([3, 8]);
        MemoryMarshal.Cast<byte, float>(answer.Bytes.AsSpan(length)).ToArray().ShouldBe([4, 6]);
    }

    [Theory]
    [InlineData("more bytes than all sizes", 8, 8, 1, null)]
    [InlineData("fewer bytes than all sizes", 8, 8, -1, null)]
    [InlineData("a size of more than all memory", int.MaxValue, 8, 0, null)]
    [InlineData("a length beyond the body", 8, 8, 0, "100000")]
    [InlineData("a length within the JSON", 8, 8, 0, "10")]
    [InlineData("a negative length", 8, 8, 0, "-1")]
    [InlineData("a length that is none", 8, 8, 0, "many")]
    [InlineData("a length beyond 64 bits", 8, 8, 0, "99999999999999999999")]
    [InlineData("no length", 8, 8, 0, "")]
    public async Task Binary_tensors_of_a_wrong_length_are_refused(string what, int first, int second, int excess, string? length)
    {
        var data = Bytes(1, 2, 3, 4);
        Array.Resize(ref data, data.Length + excess);

        var answer = await SendBinaryAsync(Head(first, second), data, length);

        answer.Status.ShouldBe(400, $"{what}: {answer.Text}");
        answer.Code.ShouldBe("malformed-request");
    }

    [Theory]
    [InlineData("too small", 4, 8)]
    [InlineData("too large", 12, 4)]
    public async Task A_binary_size_that_disagrees_with_the_shape_is_refused_with_its_place(string what, int first, int second)
    {
        var answer = await SendBinaryAsync(Head(first, second), Bytes(1, 2, 3, 4), null);

        answer.Status.ShouldBe(422, what);
        answer.ShouldBeRefused(422, "input-invalid", "/inputs/0");
    }

    [Fact]
    public async Task A_binary_tensor_that_is_no_number_is_refused_with_its_place()
    {
        (await SendBinaryAsync(Head(8, 8), Bytes(1, 2, 3, float.NaN), null)).ShouldBeRefused(422, "input-invalid", "/inputs/1/data/1");
        (await SendBinaryAsync(Head(8, 8), Bytes(float.PositiveInfinity, 2, 3, 4), null)).ShouldBeRefused(422, "input-invalid", "/inputs/0/data/0");
    }

    [Fact]
    public async Task Binary_texts_go_in_and_out()
    {
        var text = Encoding.UTF8.GetBytes("grüße");
        var data = new byte[4 + text.Length];
        BinaryPrimitives.WriteInt32LittleEndian(data, text.Length);
        text.CopyTo(data, 4);
        var head = $$$"""{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"parameters":{"binary_data_size":{{{data.Length}}}}}],"parameters":{"binary_data_output":true}}""";

        var answer = await SendBinaryAsync(head, data, null, "v2/models/echo/infer");
        answer.Status.ShouldBe(200, answer.Text);
        answer.Bytes.AsSpan(int.Parse(answer.Headers["Inference-Header-Content-Length"], null)).ToArray().ShouldBe(data);

        data[0]++;
        (await SendBinaryAsync(head, data, null, "v2/models/echo/infer")).ShouldBeRefused(422, "input-invalid");
        data[0]--;
        data[^1] = 0xC3;
        (await SendBinaryAsync(head, data, null, "v2/models/echo/infer")).ShouldBeRefused(422, "input-invalid");
    }

    private static string Ask(string first = A, string more = "") => $$"""{"inputs":[{{first}},{{B}}]{{more}}}""";

    private static string Head(int first, int second) => $$$"""
        {"inputs":[{"name":"a","datatype":"FP32","shape":[1,2],"parameters":{"binary_data_size":{{{first}}}}},{"name":"b","datatype":"FP32","shape":[1,2],"parameters":{"binary_data_size":{{{second}}}}}],"parameters":{"binary_data_output":true}}
        """;

    private static byte[] Bytes(params float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    // A length of null is the right one, an empty one sends no header.
    private Task<Answer> SendBinaryAsync(string head, byte[] data, string? length, string path = Two, string? type = "application/octet-stream")
    {
        var json = Encoding.UTF8.GetBytes(head);
        return app.SendAsync("POST", path, shape: request =>
        {
            request.Content = new ByteArrayContent([.. json, .. data]);
            request.Content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
            if (length != "")
            {
                request.Headers.Add("Inference-Header-Content-Length", length ?? json.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        });
    }

    private static double[] Output(JsonElement body, string name) =>
        body.GetProperty("outputs").EnumerateArray().Single(output => output.GetProperty("name").GetString() == name).GetProperty("data").Numbers();
}
