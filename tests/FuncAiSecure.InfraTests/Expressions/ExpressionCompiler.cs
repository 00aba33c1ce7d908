using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FuncAiSecure.InfraTests.Expressions;

/// <summary>Compiles policy expressions as the gateway does: C# 7, an implicit <c>context</c>, a fixed set of types.</summary>
internal sealed class ExpressionCompiler
{
    private const string Header = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Net;
        using System.Security.Cryptography;
        using System.Security.Cryptography.X509Certificates;
        using System.Text;
        using System.Text.RegularExpressions;
        using FuncAiSecure.InfraTests.Expressions;
        using Newtonsoft.Json.Linq;
        public static class Compiled
        {

        """;

    private readonly Dictionary<string, Func<IPolicyContext, object?>> _compiled = new(StringComparer.Ordinal);

    private ExpressionCompiler()
    {
    }

    /// <summary>What did not compile or uses a type that the gateway refuses.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];

    /// <summary>Compiles all expressions in one assembly.</summary>
    public static ExpressionCompiler Compile(IEnumerable<string> expressions)
    {
        var result = new ExpressionCompiler();
        var texts = expressions.Distinct(StringComparer.Ordinal).ToList();
        var source = new StringBuilder(Header);
        for (var i = 0; i < texts.Count; i++)
        {
            source.Append("public static object E").Append(i).Append("(IPolicyContext context)\n").Append(Body(texts[i])).Append('\n');
        }

        var tree = CSharpSyntaxTree.ParseText(source.Append('}').ToString(), new CSharpParseOptions(LanguageVersion.CSharp7));
        var compilation = CSharpCompilation.Create("Expressions", [tree], References(), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var model = compilation.GetSemanticModel(tree);
        var faults = compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()).ToList();
        faults.AddRange(tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().SelectMany(method => AllowedTypes.Violations(method.Body!, model)));
        result.Faults = faults;
        if (faults.Count == 0)
        {
            result.Load(compilation, texts);
        }

        return result;
    }

    /// <summary>Runs an expression; what it throws is the caller's to see.</summary>
    public object? Run(string expression, IPolicyContext context) => _compiled[expression](context);

    /// <summary>Whether a policy's text or attribute is an expression.</summary>
    public static bool IsExpression(string text)
    {
        var trimmed = text.Trim();
        return trimmed.StartsWith("@(", StringComparison.Ordinal) || trimmed.StartsWith("@{", StringComparison.Ordinal);
    }

    private static string Body(string expression)
    {
        var text = expression.Trim();
        return text[1] == '(' ? $"{{ return (object)({text[2..^1]}); }}" : text[1..];
    }

    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "mscorlib.dll"))
            .Append(typeof(Newtonsoft.Json.Linq.JObject).Assembly.Location)
            .Append(typeof(IPolicyContext).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path));

    private void Load(CSharpCompilation compilation, List<string> texts)
    {
        using var image = new MemoryStream();
        compilation.Emit(image).Success.ShouldBeTrue();
        var type = Assembly.Load(image.ToArray()).GetType("Compiled")!;
        for (var i = 0; i < texts.Count; i++)
        {
            _compiled[texts[i]] = type.GetMethod($"E{i}")!.CreateDelegate<Func<IPolicyContext, object?>>();
        }
    }
}
