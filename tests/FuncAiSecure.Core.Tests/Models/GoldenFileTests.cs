using System.Text;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Golden;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>Golden tests as a file: whatever is wrong with one is a fault of that file, never an exception.</summary>
public sealed class GoldenFileTests
{
    private const string Whole = """{"source":"s","absoluteTolerance":0,"relativeTolerance":0,"cases":[CASES]}""";

    [Theory]
    [InlineData("null")]
    [InlineData("""{"source":"s","absoluteTolerance":0,"relativeTolerance":0,"cases":null}""")]
    [InlineData("""{"source":"s","absoluteTolerance":0,"relativeTolerance":0,"cases":[null]}""")]
    [InlineData("""{"source":null,"absoluteTolerance":0,"relativeTolerance":0,"cases":[]}""")]
    public void Nulls_are_faults(string json) => Faults(json).ShouldNotBeEmpty();

    [Theory]
    [InlineData("""{"name":"n","inputs":null,"outputs":[]}""")]
    [InlineData("""{"name":"n","inputs":[null],"outputs":[null]}""")]
    [InlineData("""{"name":"n","inputs":[{"name":"x","datatype":"FP32","shape":null,"data":[1]}],"outputs":[]}""")]
    [InlineData("""{"name":"n","inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":null}],"outputs":[]}""")]
    [InlineData("""{"name":"n","inputs":[{"name":null,"datatype":"FP32","shape":[1],"data":[1]}],"outputs":[]}""")]
    public void Nulls_inside_cases_are_faults(string one) => Faults(Whole.Replace("CASES", one, StringComparison.Ordinal)).ShouldNotBeEmpty();

    [Theory]
    [InlineData("BYTES", "\"\\ud800\"")]
    [InlineData("INT8", "128")]
    [InlineData("UINT8", "-1")]
    [InlineData("INT64", "1.5")]
    [InlineData("INT64", "9223372036854775808")]
    [InlineData("UINT64", "18446744073709551616")]
    [InlineData("BOOL", "2")]
    [InlineData("FP16", "70000")]
    [InlineData("BF16", "1e39")]
    [InlineData("FP32", "1e39")]
    [InlineData("FP64", "1e999")]
    [InlineData("FP32", "true")]
    [InlineData("FP32", "null")]
    public void Element_that_its_datatype_cannot_hold_is_a_fault(string datatype, string element) =>
        Faults(Case(datatype, element)).ShouldBe(["golden.json#/cases/0/inputs/0: has data that does not fit its shape and datatype"]);

    [Theory]
    [InlineData("BYTES", "\"\"")]
    [InlineData("INT8", "-128")]
    [InlineData("UINT64", "4294967295")]
    [InlineData("INT64", "3.0")]
    [InlineData("BOOL", "true")]
    [InlineData("BOOL", "0")]
    [InlineData("FP16", "65504")]
    [InlineData("FP32", "-3.4e38")]
    public void Element_that_its_datatype_holds_is_taken(string datatype, string element) => Faults(Case(datatype, element)).ShouldBeEmpty();

    [Fact]
    public void Tensor_given_twice_is_a_fault() => Faults(Whole.Replace("CASES", """
        {
          "name": "n",
          "inputs": [ { "name": "x", "datatype": "FP32", "shape": [1], "data": [1] }, { "name": "x", "datatype": "FP32", "shape": [1], "data": [2] } ],
          "outputs": [ { "name": "y", "datatype": "FP32", "shape": [1], "data": [0] } ]
        }
        """, StringComparison.Ordinal)).ShouldBe(["golden.json#/cases/0/inputs/1/name: repeats an earlier name"]);

    private static string Case(string datatype, string element) => Whole.Replace("CASES", $$"""
        {
          "name": "n",
          "inputs": [ { "name": "x", "datatype": "{{datatype}}", "shape": [1], "data": [ {{element}} ] } ],
          "outputs": [ { "name": "y", "datatype": "FP32", "shape": [1], "data": [0] } ]
        }
        """, StringComparison.Ordinal);

    private static IReadOnlyList<string> Faults(string json)
    {
        var file = GoldenFile.Read(Encoding.UTF8.GetBytes(json), out var faults);
        (file is null).ShouldBe(!faults.IsEmpty);
        return [.. faults.Select(fault => fault.ToString())];
    }
}
