using System.Text;
using FuncAiSecure.Core;
using FuncAiSecure.Protocols;

namespace FuncAiSecure.Tests.Protocols;

public sealed class WireJsonTests
{
    [Theory]
    [InlineData("""{"model":"m","input":"a"}""", 1)]
    [InlineData("""{"model":"m","input":["a","b"],"top_k":3}""", 2)]
    [InlineData("""{"input":[],"model":"m"}""", 0)]
    public void A_document_of_the_contract_is_read(string body, int texts)
    {
        Read(body, out var document).ShouldBeNull();

        document!.Model.ShouldBe("m");
        document.Input.Texts.Length.ShouldBe(texts);
    }

    [Theory]
    [InlineData("a document that is no object", "[]", null)]
    [InlineData("nothing at all", "null", "")]
    [InlineData("a text", "\"x\"", null)]
    [InlineData("an open object", "{\"model\":\"m\",\"input\":\"a\"", null)]
    [InlineData("text after the document", """{"model":"m","input":"a"} x""", null)]
    [InlineData("two documents", """{"model":"m","input":"a"}{"model":"m","input":"a"}""", null)]
    [InlineData("a trailing comma", """{"model":"m","input":"a",}""", null)]
    [InlineData("a comment", """{"model":"m",/* */"input":"a"}""", null)]
    [InlineData("a repeated member", """{"model":"m","input":"a","input":"b"}""", "/input")]
    [InlineData("a repeated member in another spelling", """{"model":"m","input":"a","\u0069nput":"b"}""", "/input")]
    [InlineData("a missing model", """{"input":"a"}""", "/model")]
    [InlineData("a missing input", """{"model":"m"}""", "/input")]
    [InlineData("a name in another case", """{"Model":"m","input":"a"}""", "/model")]
    [InlineData("a missing model beside a name that is no text", """{"input":"a","\ud800":1}""", null)]
    [InlineData("no model", """{"model":null,"input":"a"}""", "/model")]
    [InlineData("a number for a text", """{"model":"m","input":1}""", "/input")]
    [InlineData("a number among texts", """{"model":"m","input":["a",1]}""", "/input")]
    [InlineData("a nested list of texts", """{"model":"m","input":[["a"]]}""", "/input")]
    [InlineData("a text for a number", """{"model":"m","input":"a","top_k":"3"}""", "/top_k")]
    [InlineData("a fraction for a whole number", """{"model":"m","input":"a","top_k":1.5}""", "/top_k")]
    [InlineData("a number that no integer holds", """{"model":"m","input":"a","top_k":99999999999}""", "/top_k")]
    public void A_fault_is_400_and_names_its_place(string fault, string body, string? pointer)
    {
        var refusal = Read(body, out var document);

        document.ShouldBeNull(fault);
        refusal!.Code.ShouldBe(RefusalCode.MalformedRequest, fault);
        if (pointer is not null)
        {
            refusal.Errors.ShouldHaveSingleItem().Pointer.ShouldStartWith(pointer);
        }
    }

    [Fact]
    public void Every_missing_member_is_named() =>
        Read("{}", out _)!.Errors.Select(error => error.Pointer).ShouldBe(["/model", "/input"], ignoreOrder: true);

    [Fact]
    public void A_fault_at_one_member_is_that_parameters() =>
        Read("""{"model":"m","input":[1]}""", out _)!.Parameter.ShouldBe("input");

    [Theory]
    [InlineData("{\n  \"model\": \"m\",\n}", "near line 3, byte 1.")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\"} x", "near line 1, byte 27.")]
    [InlineData("[]", "near line 1, byte 2.")]
    public void A_fault_that_is_at_no_member_says_where_it_is(string body, string place)
    {
        var error = Read(body, out _)!.Errors.ShouldHaveSingleItem();

        error.Message.ShouldContain(place);
    }

    [Fact]
    public void An_unknown_member_is_refused_with_those_that_are_known() =>
        Read("""{"model":"m","input":"a","tok_k":1}""", out _)!.Detail!.ShouldContain("model, input, top_k");

    [Fact]
    public void An_unknown_member_is_refused_without_repeating_it()
    {
        var refusal = Read("""{"model":"m","input":"a","canary-name":1}""", out _);

        refusal!.Code.ShouldBe(RefusalCode.UnsupportedParameter);
        refusal.ToString().ShouldNotContain("canary");
    }

    [Fact]
    public void A_name_in_another_case_is_another_name() =>
        Read("""{"Model":"m","input":"a"}""", out _).ShouldNotBeNull();

    [Fact]
    public void A_document_that_nests_too_deep_is_refused() =>
        Read($$"""{"model":"m","input":"a","x":{{new string('[', 40)}}{{new string(']', 40)}}}""", out _)!
            .Code.ShouldBe(RefusalCode.MalformedRequest);

    [Fact]
    public void A_fault_never_repeats_what_was_sent()
    {
        var refusal = Read("""{"model":"m","input":"a","canary":{"canary":tru}}""", out _);

        refusal!.ToString().ShouldNotContain("canary");
        refusal.Errors.ShouldAllBe(error => !error.Pointer.Contains("canary"));
    }

    private static Refusal? Read(string body, out ClassifyRequest? document) =>
        WireJson.Read(Encoding.UTF8.GetBytes(body), WireJsonContext.Default.ClassifyRequest, out document);
}
