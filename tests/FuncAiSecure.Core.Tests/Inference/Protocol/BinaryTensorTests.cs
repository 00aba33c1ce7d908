using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Tests.Inference.Protocol;

public class BinaryTensorTests
{
    [Fact]
    public void Inputs_take_their_shares_in_order()
    {
        byte[] data = [.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f), 2, 0, 0, 0, (byte)'h', (byte)'i', 1];
        var request = Accepted(
            """{"inputs":[{"name":"a","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8}},{"name":"b","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":6}},{"name":"c","shape":[1],"datatype":"BOOL","parameters":{"binary_data_size":1}}]}""",
            data);

        request.Inputs[0].Elements<float>().ToArray().ShouldBe([1.5f, -2]);
        request.Inputs[1].TextAsString(0).ShouldBe("hi");
        request.Inputs[2].Elements<bool>()[0].ShouldBeTrue();
    }

    [Fact]
    public void Half_and_brain_floats_come_as_binary()
    {
        byte[] data = [.. BitConverter.GetBytes((Half)1.5f), 0xC0, 0x3F];
        var request = Accepted(
            """{"inputs":[{"name":"a","shape":[1],"datatype":"FP16","parameters":{"binary_data_size":2}},{"name":"b","shape":[1],"datatype":"BF16","parameters":{"binary_data_size":2}}]}""",
            data);

        request.Inputs[0].Elements<Half>()[0].ShouldBe((Half)1.5f);
        request.Inputs[1].Data.ToArray().ShouldBe([0xC0, 0x3F]);
    }

    [Fact]
    public void Texts_for_whose_lengths_there_is_no_data_take_no_memory()
    {
        var json = Encoding.UTF8.GetBytes(Input("BYTES", "[4000000]", 8));
        byte[] body = [.. json, .. new byte[8]];
        var before = GC.GetAllocatedBytesForCurrentThread();

        InferRequestReader.Read(body, json.Length, TensorNames.None, out _).ShouldNotBeNull().Code.ShouldBe(RefusalCode.InputInvalid);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    public static TheoryData<string, string, byte[], string> Wrong => new()
    {
        { "shorter than the shape", Input("FP32", "[2]", 4), new byte[4], "/inputs/0" },
        { "longer than the shape", Input("FP32", "[1]", 8), new byte[8], "/inputs/0" },
        { "truncated", Input("FP32", "[2]", 8), new byte[7], "/inputs/0/parameters/binary_data_size" },
        { "more than the sizes say", Input("FP32", "[1]", 4), new byte[5], "" },
        { "not a number", Input("FP32", "[2]", 8), [.. new byte[4], .. BitConverter.GetBytes(float.NaN)], "/inputs/0/data/1" },
        { "infinite", Input("FP64", "[1]", 8), BitConverter.GetBytes(double.PositiveInfinity), "/inputs/0/data/0" },
        { "an infinite half", Input("FP16", "[1]", 2), BitConverter.GetBytes(Half.PositiveInfinity), "/inputs/0/data/0" },
        { "a brain float that is none", Input("BF16", "[1]", 2), [0xC0, 0x7F], "/inputs/0/data/0" },
        { "a bool of 2", Input("BOOL", "[1]", 1), [2], "/inputs/0/data/0" },
        { "a text length beyond the data", Input("BYTES", "[1]", 5), [2, 0, 0, 0, 65], "/inputs/0" },
        { "a text length of four billion", Input("BYTES", "[1]", 5), [255, 255, 255, 255, 65], "/inputs/0" },
        { "texts that leave a rest", Input("BYTES", "[1]", 6), [1, 0, 0, 0, 65, 66], "/inputs/0" },
        { "fewer texts than the shape", Input("BYTES", "[3]", 8), new byte[8], "/inputs/0" },
        { "a text that is not UTF-8", Input("BYTES", "[1]", 5), [1, 0, 0, 0, 0xFF], "/inputs/0/data/0" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Wrong_lengths_and_values_are_refused_and_pointed_at(string what, string json, byte[] data, string where)
    {
        what.ShouldNotBeNull();
        byte[] body = [.. Encoding.UTF8.GetBytes(json), .. data];

        var refusal = InferRequestReader.Read(body, body.Length - data.Length, TensorNames.None, out var request);

        request.ShouldBeNull();
        refusal.ShouldNotBeNull().Errors.ShouldHaveSingleItem().Pointer.ShouldBe(where);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1_000_000)]
    [InlineData(long.MaxValue)]
    public void A_json_length_outside_the_body_is_refused(long length) =>
        InferRequestReader.Read("{}"u8, length, TensorNames.None, out _).ShouldNotBeNull().Code.ShouldBe(RefusalCode.MalformedRequest);

    [Fact]
    public void A_raw_body_fills_the_one_open_dimension()
    {
        var spec = new TensorSpec { Name = "x", Datatype = Datatype.Fp32, Shape = [-1, 2] };

        RawRequest.Read(new byte[24], spec, out var request).ShouldBeNull();

        request!.Inputs[0].Shape.ToArray().ShouldBe([3L, 2]);
        request.BinaryOutput.ShouldBeTrue();
        RawRequest.Read(new byte[23], spec, out _).ShouldNotBeNull();
        RawRequest.Read([], spec, out _).ShouldNotBeNull();
        RawRequest.Read(new byte[24], spec with { Shape = [-1, -1] }, out _).ShouldNotBeNull();
        RawRequest.Read(new byte[24], spec with { Shape = [1, 2] }, out _).ShouldNotBeNull();
    }

    [Fact]
    public void Answers_read_back_as_json_and_as_binary()
    {
        using var floats = Tensor.Rent("y", Datatype.Fp32, [2]);
        floats.Elements<float>()[0] = 0.1f;
        floats.Elements<float>()[1] = -1e-30f;
        using var texts = Tensor.FromTexts("t", ["a\"\\\n\u0001é", ""]);
        var asked = Accepted("""{"id":"q\"1","inputs":[{"name":"x","shape":[1],"datatype":"INT8","data":[1]}],"outputs":[{"name":"y","parameters":{"binary_data":true}},{"name":"t"}]}""", []);
        var output = new ArrayBufferWriter<byte>();

        var jsonLength = InferResponseWriter.Write(output, "m", 7, asked, [floats, texts]);

        jsonLength.ShouldNotBeNull();
        using var json = System.Text.Json.JsonDocument.Parse(output.WrittenMemory[..jsonLength.Value]);
        json.RootElement.GetProperty("id").GetString().ShouldBe("q\"1");
        json.RootElement.GetProperty("model_version").GetString().ShouldBe("7");
        json.RootElement.GetProperty("outputs")[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32().ShouldBe(8);
        json.RootElement.GetProperty("outputs")[1].GetProperty("data")[0].GetString().ShouldBe("a\"\\\n\u0001é");
        var rest = output.WrittenSpan[jsonLength.Value..];
        rest.Length.ShouldBe(8);
        BinaryPrimitives.ReadSingleLittleEndian(rest).ShouldBe(0.1f);

        var plain = new ArrayBufferWriter<byte>();
        InferResponseWriter.Write(plain, "m", 7, Accepted(InferRequestReaderTests.One("[1]"), []), [floats]).ShouldBeNull();
        Encoding.UTF8.GetString(plain.WrittenSpan).ShouldContain("\"datatype\":\"FP32\",\"shape\":[2],\"data\":[0.1,-1E-30]");
    }

    private static string Input(string datatype, string shape, int size) =>
        $$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"{{datatype}}","parameters":{"binary_data_size":{{size}} } }]}""";

    private static InferRequest Accepted(string json, byte[] data)
    {
        byte[] body = [.. Encoding.UTF8.GetBytes(json), .. data];
        InferRequestReader.Read(body, data.Length == 0 ? null : body.Length - data.Length, TensorNames.None, out var request).ShouldBeNull();
        return request!;
    }
}
