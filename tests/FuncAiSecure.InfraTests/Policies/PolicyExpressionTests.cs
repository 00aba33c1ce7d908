using FuncAiSecure.InfraTests.Expressions;
using FuncAiSecure.InfraTests.Gateway;

namespace FuncAiSecure.InfraTests.Policies;

public class PolicyExpressionTests
{
    [Fact]
    public void Every_expression_compiles_and_uses_only_what_the_gateway_allows() => TestGateway.Faults.ShouldBeEmpty();

    [Theory]
    [InlineData("@(System.IO.File.ReadAllText(\"/etc/passwd\"))", "System.IO.File")]
    [InlineData("@(System.Environment.GetEnvironmentVariable(\"X\"))", "System.Environment")]
    [InlineData("@(Regex.Match(\"a\", \"a\").Value)", "System.Text.RegularExpressions")]
    [InlineData("@{ return new System.Net.Http.HttpClient(); }", "System.Net.Http.HttpClient")]
    public void A_type_that_the_gateway_refuses_is_a_fault(string expression, string type) =>
        ExpressionCompiler.Compile([expression]).Faults.ShouldContain(fault => fault.Contains(type, StringComparison.Ordinal));

    [Theory]
    [InlineData("@(context.Request.Headerz.Count)")]
    [InlineData("@(context.Variables[\"x\"] is { } y)")]
    [InlineData("@{ var a = 1; }")]
    public void What_the_gateway_does_not_understand_is_a_fault(string expression) =>
        ExpressionCompiler.Compile([expression]).Faults.ShouldNotBeEmpty();

    [Fact]
    public void No_named_value_is_left_open()
    {
        TestGateway.Documents.Values().ShouldNotContain(value => value.Contains("{{", StringComparison.Ordinal));
        TestGateway.Documents.Values().ShouldNotContain(value => value.Contains("__", StringComparison.Ordinal));
    }
}
