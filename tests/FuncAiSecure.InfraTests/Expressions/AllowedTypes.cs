using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FuncAiSecure.InfraTests.Expressions;

/// <summary>The types that the gateway lets an expression touch (the documented list, as far as our policies use it).</summary>
internal static class AllowedTypes
{
    private static readonly HashSet<string> Whole = new(StringComparer.Ordinal)
    {
        "System.Object", "System.String", "System.Boolean", "System.Char", "System.Byte", "System.Int32", "System.Int64", "System.Array",
        "System.Guid", "System.Convert", "System.StringComparison", "System.StringComparer", "System.Net.IPAddress", "System.Linq.Enumerable", "System.Text.Encoding",
        "System.Collections.Generic.KeyValuePair<TKey, TValue>", "System.Collections.Generic.IReadOnlyDictionary<TKey, TValue>",
        "System.Collections.Generic.IEnumerable<T>", "System.Text.RegularExpressions.RegexOptions",
        "System.Security.Cryptography.HMACSHA256", "System.Security.Cryptography.HashAlgorithm",
        "System.Security.Cryptography.X509Certificates.X509Certificate", "System.Security.Cryptography.X509Certificates.X509Certificate2",
        "Newtonsoft.Json.Linq.JObject", "Newtonsoft.Json.Linq.JProperty", "Newtonsoft.Json.Linq.JToken", "Newtonsoft.Json.Linq.JValue",
        "Newtonsoft.Json.Linq.JContainer",
    };

    private static readonly Dictionary<string, HashSet<string>> Partly = new(StringComparer.Ordinal)
    {
        ["System.Text.RegularExpressions.Regex"] = ["IsMatch", "Match", "Matches", "Replace", "Unescape", "Split"],
    };

    /// <summary>Uses of types or members outside the list, as readable lines.</summary>
    public static IEnumerable<string> Violations(SyntaxNode method, SemanticModel model)
    {
        foreach (var node in method.DescendantNodes())
        {
            if (node is not (SimpleNameSyntax or ObjectCreationExpressionSyntax))
            {
                continue;
            }

            var symbol = model.GetSymbolInfo(node).Symbol;
            var type = symbol as ITypeSymbol ?? symbol?.ContainingType;
            if (type is null || symbol is ILocalSymbol or IParameterSymbol or INamespaceSymbol || type.TypeKind is TypeKind.TypeParameter or TypeKind.Array)
            {
                continue;
            }

            var name = type.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat.WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.None));
            var isOurs = name.StartsWith("FuncAiSecure.InfraTests.Expressions.", StringComparison.Ordinal);
            var isAllowed = isOurs || Whole.Contains(name) || symbol is ITypeSymbol && Partly.ContainsKey(name)
                || Partly.TryGetValue(name, out var members) && members.Contains(symbol!.Name);
            if (!isAllowed)
            {
                yield return $"{name}.{symbol!.Name} in {node}";
            }
        }
    }
}
