using System.Text;
using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Tests.Inference.Protocol;

public class InferRequestReaderTests
{
    [Fact]
    public void Flat_and_nested_data_give_the_same_tensor()
    {
        using var flat = Accepted("""{"inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[1,2.5,-3e1,4,5,6]}]}""");
        using var nested = Accepted("""{"inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[ [1, 2.5,-3e1],[4 ,5,6] ]}]}""");

        flat.Inputs[0].Elements<float>().ToArray().ShouldBe([1, 2.5f, -30, 4, 5, 6]);
        nested.Inputs[0].Elements<float>().ToArray().ShouldBe([1, 2.5f, -30, 4, 5, 6]);
        nested.Inputs[0].Shape.ToArray().ShouldBe([2L, 3]);
    }

    [Fact]
    public void Texts_are_read_flat_and_nested()
    {
        using var flat = Accepted("""{"inputs":[{"name":"x","shape":[2,1,2],"datatype":"BYTES","data":["a","b\n","","d"]}]}""");
        using var nested = Accepted("""{"inputs":[{"name":"x","shape":[2,1,2],"datatype":"BYTES","data":[ [["a", "b\n"]],[ ["" ,"d"]] ]}]}""");

        Enumerable.Range(0, 4).Select(flat.Inputs[0].TextAsString).ShouldBe(["a", "b\n", "", "d"]);
        Enumerable.Range(0, 4).Select(nested.Inputs[0].TextAsString).ShouldBe(["a", "b\n", "", "d"]);
        nested.Inputs[0].Shape.ToArray().ShouldBe([2L, 1, 2]);
    }

    [Theory]
    [InlineData("""[["a"],["b","c","d"]]""")]
    [InlineData("""[["a","b"],["c","d"],["e","f"]]""")]
    [InlineData("""[["a","b"]["c","d"]]""")]
    [InlineData("""[["a" "b"],["c","d"]]""")]
    [InlineData("""["a",["b"],"c","d"]""")]
    [InlineData("""[["a","b"],["c","d"]""")]
    [InlineData("""[["a","b"],["c",["d"]]]""")]
    [InlineData("""[["a","b"],"c","d"]""")]
    public void Texts_that_are_nested_otherwise_than_their_shape_are_refused(string data) =>
        Refused(Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","shape":[2,2],"datatype":"BYTES","data":{{data}}}]}"""))
            .Code.ShouldBeOneOf(RefusalCode.InputInvalid, RefusalCode.MalformedRequest);

    [Theory]
    [InlineData("FP32", "1")]
    [InlineData("BYTES", "\"a\"")]
    public void Shape_that_the_body_cannot_hold_takes_no_memory(string datatype, string element)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","shape":[4000000],"datatype":"{{datatype}}","data":[{{element}}]}]}""");
        var before = GC.GetAllocatedBytesForCurrentThread();

        Refused(body).Code.ShouldBe(RefusalCode.InputInvalid);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void Members_may_come_in_any_order()
    {
        using var request = Accepted("""{"inputs":[{"data":[[1,2],[3,4]],"datatype":"INT64","parameters":{},"name":"ids","shape":[2,2]}],"id":"a\u00e9\n"}""");

        request.Inputs[0].Name.ShouldBe("ids");
        request.Inputs[0].Elements<long>().ToArray().ShouldBe([1L, 2, 3, 4]);
        request.Id.ShouldBe("aé\n");
    }

    [Fact]
    public void Every_datatype_with_a_json_form_is_read()
    {
        using var request = Accepted(
            """
            {"inputs":[
              {"name":"a","shape":[2],"datatype":"BOOL","data":[true,false]},
              {"name":"b","shape":[2],"datatype":"UINT8","data":[0,255]},
              {"name":"c","shape":[1],"datatype":"UINT16","data":[65535]},
              {"name":"d","shape":[1],"datatype":"UINT32","data":[4294967295]},
              {"name":"e","shape":[1],"datatype":"UINT64","data":[18446744073709551615]},
              {"name":"f","shape":[2],"datatype":"INT8","data":[-128,127]},
              {"name":"g","shape":[1],"datatype":"INT16","data":[-32768]},
              {"name":"h","shape":[1],"datatype":"INT32","data":[-2147483648]},
              {"name":"i","shape":[1],"datatype":"INT64","data":[-9223372036854775808]},
              {"name":"j","shape":[],"datatype":"FP64","data":[1.7976931348623157e308]},
              {"name":"k","shape":[3],"datatype":"BYTES","data":["", "A\"\u0042\ud83d\ude00", "é"]}]}
            """);

        request.Inputs[0].Elements<bool>().ToArray().ShouldBe([true, false]);
        request.Inputs[1].Elements<byte>().ToArray().ShouldBe([(byte)0, (byte)255]);
        request.Inputs[2].Elements<ushort>()[0].ShouldBe(ushort.MaxValue);
        request.Inputs[3].Elements<uint>()[0].ShouldBe(uint.MaxValue);
        request.Inputs[4].Elements<ulong>()[0].ShouldBe(ulong.MaxValue);
        request.Inputs[5].Elements<sbyte>().ToArray().ShouldBe([sbyte.MinValue, sbyte.MaxValue]);
        request.Inputs[6].Elements<short>()[0].ShouldBe(short.MinValue);
        request.Inputs[7].Elements<int>()[0].ShouldBe(int.MinValue);
        request.Inputs[8].Elements<long>()[0].ShouldBe(long.MinValue);
        request.Inputs[9].Elements<double>()[0].ShouldBe(double.MaxValue);
        Enumerable.Range(0, 3).Select(request.Inputs[10].TextAsString).ShouldBe(["", "A\"B\U0001F600", "é"]);
    }

    [Fact]
    public void Outputs_and_parameters_are_read()
    {
        using var request = Accepted(
            """
            {"inputs":[{"name":"x","shape":[1],"datatype":"INT8","data":[1],"parameters":{"content_type":"np"}}],
             "outputs":[{"name":"y","parameters":{"binary_data":false}},{"name":"z"}],
             "parameters":{"binary_data_output":true,"timeout":1500,"priority":3,"content_type":"np"}}
            """);

        request.Outputs.ShouldBe([new RequestedOutput("y", false), new RequestedOutput("z", null)]);
        request.BinaryOutput.ShouldBeTrue();
        request.Timeout.ShouldBe(TimeSpan.FromMilliseconds(1.5));
    }

    public static TheoryData<string, string, string> Malformed => new()
    {
        { "an empty body", "", "" },
        { "no object", "[]", "" },
        { "something behind the object", One("[1]") + "x", "" },
        { "a second object", One("[1]") + "{}", "" },
        { "no inputs", """{"id":"a"}""", "/inputs" },
        { "no input", """{"inputs":[]}""", "/inputs" },
        { "an unknown member", """{"inputs":[],"foo":1}""", "/inputs" },
        { "a duplicate member", """{"id":"a","id":"b","inputs":[{"name":"x","shape":[1],"datatype":"INT8","data":[1]}]}""", "/id" },
        { "a duplicate member by escape", """{"id":"a","\u0069d":"b"}""", "/id" },
        { "a duplicate member of an input", """{"inputs":[{"name":"x","name":"x","shape":[1],"datatype":"INT8","data":[1]}]}""", "/inputs/0" },
        { "a comment", """{/**/"inputs":[]}""", "" },
        { "a trailing comma in the object", """{"id":"a",}""", "" },
        { "a trailing comma in the shape", """{"inputs":[{"name":"x","shape":[1,],"datatype":"INT8","data":[1]}]}""", "/inputs/0/shape/1" },
        { "a negative dimension", """{"inputs":[{"name":"x","shape":[-1],"datatype":"INT8","data":[1]}]}""", "/inputs/0/shape/0" },
        { "a dimension of zero", """{"inputs":[{"name":"x","shape":[0],"datatype":"INT8","data":[]}]}""", "/inputs/0/shape/0" },
        { "a dimension with a fraction", """{"inputs":[{"name":"x","shape":[1.0],"datatype":"INT8","data":[1]}]}""", "/inputs/0/shape/0" },
        { "an overflowing shape", """{"inputs":[{"name":"x","shape":[65536,65536,65536,65536],"datatype":"INT8","data":[1]}]}""", "/inputs/0/shape" },
        { "a huge dimension", """{"inputs":[{"name":"x","shape":[9223372036854775807],"datatype":"INT8","data":[1]}]}""", "/inputs/0/shape/0" },
        { "nine dimensions", """{"inputs":[{"name":"x","shape":[1,1,1,1,1,1,1,1,1],"datatype":"INT8","data":[1]}]}""", "/inputs/0/shape" },
        { "an unknown datatype", """{"inputs":[{"name":"x","shape":[1],"datatype":"fp32","data":[1]}]}""", "/inputs/0/datatype" },
        { "no name", """{"inputs":[{"shape":[1],"datatype":"INT8","data":[1]}]}""", "/inputs/0/name" },
        { "an empty name", """{"inputs":[{"name":"","shape":[1],"datatype":"INT8","data":[1]}]}""", "/inputs/0/name" },
        { "no data", """{"inputs":[{"name":"x","shape":[1],"datatype":"INT8"}]}""", "/inputs/0/data" },
        { "data and a binary size", """{"inputs":[{"name":"x","shape":[1],"datatype":"INT8","data":[1],"parameters":{"binary_data_size":1}}]}""", "/inputs/0/data" },
        { "binary data that is not there", """{"inputs":[{"name":"x","shape":[1],"datatype":"INT8","parameters":{"binary_data_size":1}}]}""", "/inputs/0/parameters/binary_data_size" },
        { "a negative binary size", """{"inputs":[{"name":"x","shape":[1],"datatype":"INT8","parameters":{"binary_data_size":-1}}]}""", "/inputs/0/parameters/binary_data_size" },
        { "one name twice", """{"inputs":[{"name":"x","shape":[1],"datatype":"INT8","data":[1]},{"name":"x","shape":[1],"datatype":"INT8","data":[1]}]}""", "/inputs/1/name" },
        { "a number with a leading zero", One("[01]"), "/inputs/0/data" },
        { "a number with nothing behind the point", One("[1.]"), "/inputs/0/data" },
        { "a bare word", One("[x]"), "/inputs/0/data" },
        { "an object as element", One("[{}]"), "/inputs/0/data" },
        { "data that is a number", One("1"), "/inputs/0/data" },
        { "data that never ends", """{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1""", "/inputs/0/data" },
        { "a NUL character", "{\0}", "" },
        { "a control character in a string", "{\"id\":\"a\tb\"}", "/id" },
        { "a lone surrogate", """{"id":"\ud800"}""", "/id" },
        { "a low surrogate first", """{"id":"\udc00\ud800"}""", "/id" },
        { "an unknown escape", """{"id":"\x"}""", "/id" },
        { "a timeout that no time span holds", """{"parameters":{"timeout":9223372036854775807}}""", "/parameters/timeout" },
        { "a content type that is no text", """{"parameters":{"content_type":1}}""", "/parameters/content_type" },
        { "a content type twice", """{"parameters":{"content_type":"np","content_type":"np"}}""", "/parameters" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Structure_at_fault_is_malformed_and_pointed_at(string what, string body, string where)
    {
        what.ShouldNotBeNull();
        var refusal = Refused(Encoding.UTF8.GetBytes(body));

        refusal.Code.ShouldBe(RefusalCode.MalformedRequest);
        refusal.Errors.ShouldHaveSingleItem().Pointer.ShouldBe(where);
    }

    [Fact]
    public void Invalid_utf8_is_malformed()
    {
        var body = Encoding.Latin1.GetBytes(One("[\"\u00ff\"]", "BYTES"));

        Refused(body).Code.ShouldBe(RefusalCode.MalformedRequest);
    }

    public static TheoryData<string, string, string> Invalid => new()
    {
        { "too few elements", One("[1]", shape: "[2]"), "/inputs/0/data" },
        { "too many elements", One("[1,2,3]", shape: "[2]"), "/inputs/0/data" },
        { "no elements", One("[]"), "/inputs/0/data" },
        { "fewer than the body can hold", One("[1]", shape: "[1000000]"), "/inputs/0/data" },
        { "nested for one dimension", One("[[1]]"), "/inputs/0/data" },
        { "nested unevenly", One("[[1,2],[3]]", shape: "[2,2]"), "/inputs/0/data" },
        { "nested the other way round", One("[[1,2],[3,4],[5,6]]", shape: "[2,3]"), "/inputs/0/data" },
        { "nested too deep", One("[[[1,2]],[[3,4]]]", shape: "[2,2]"), "/inputs/0/data" },
        { "not a number", One("[NaN]"), "/inputs/0/data/0" },
        { "infinite", One("[1,-Infinity]", shape: "[2]"), "/inputs/0/data/1" },
        { "a null", One("[1,null]", shape: "[2]"), "/inputs/0/data/1" },
        { "a text for a number", One("[\"1\"]"), "/inputs/0/data/0" },
        { "a huge exponent", One("[1e39]"), "/inputs/0/data/0" },
        { "a huge exponent, nested", One("[[1,2],[3,1e400]]", shape: "[2,2]"), "/inputs/0/data/1/1" },
        { "a fraction for a whole number", One("[1.5]", "INT32"), "/inputs/0/data/0" },
        { "out of range", One("[256]", "UINT8"), "/inputs/0/data/0" },
        { "below range", One("[-1]", "UINT64"), "/inputs/0/data/0" },
        { "a number for a bool", One("[1]", "BOOL"), "/inputs/0/data/0" },
        { "a number for a text", One("[1]", "BYTES"), "/inputs/0/data/0" },
        { "half precision as JSON", One("[1]", "FP16"), "/inputs/0/datatype" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Values_at_fault_are_invalid_and_pointed_at(string what, string body, string where)
    {
        what.ShouldNotBeNull();
        var refusal = Refused(Encoding.UTF8.GetBytes(body));

        refusal.Code.ShouldBe(RefusalCode.InputInvalid);
        refusal.Errors.ShouldHaveSingleItem().Pointer.ShouldBe(where);
    }

    [Fact]
    public void Several_bad_values_are_listed_up_to_a_limit()
    {
        Refused(Encoding.UTF8.GetBytes(One("[1e99,2,\"a\",null]", shape: "[4]"))).Errors.Select(error => error.Pointer)
            .ShouldBe(["/inputs/0/data/0", "/inputs/0/data/2", "/inputs/0/data/3"]);
        Refused(Encoding.UTF8.GetBytes(One("[" + string.Join(',', Enumerable.Repeat("null", 100)) + "]", shape: "[100]")))
            .Errors.Length.ShouldBe(InferLimits.MaxErrors);
    }

    [Theory]
    [InlineData("""{"parameters":{"sequence_id":1}}""")]
    [InlineData("""{"inputs":[{"name":"x","parameters":{"shared_memory_region":"a"}}]}""")]
    [InlineData("""{"outputs":[{"name":"x","parameters":{"classification":3}}]}""")]
    public void Unknown_parameters_are_refused(string body) =>
        Refused(Encoding.UTF8.GetBytes(body)).Code.ShouldBe(RefusalCode.UnsupportedParameter);

    [Fact]
    public void Refusals_never_hold_the_callers_text()
    {
        foreach (var body in new[] { """{"s3cret":1}""", One("[s3cret]"), One("[\"s3cret\"]"), """{"inputs":[{"name":"s3cret","shape":[1],"datatype":"s3cret"}]}""" })
        {
            Refused(Encoding.UTF8.GetBytes(body)).ToString().ShouldNotContain("s3cret");
        }
    }

    internal static string One(string data, string datatype = "FP32", string shape = "[1]") =>
        $$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"{{datatype}}","data":{{data}}}]}""";

    private static InferRequest Accepted(string body)
    {
        InferRequestReader.Read(Encoding.UTF8.GetBytes(body), null, TensorNames.None, out var request).ShouldBeNull();
        return request.ShouldNotBeNull();
    }

    private static Refusal Refused(byte[] body)
    {
        var refusal = InferRequestReader.Read(body, null, TensorNames.None, out var request);
        request.ShouldBeNull();
        return refusal.ShouldNotBeNull();
    }
}
