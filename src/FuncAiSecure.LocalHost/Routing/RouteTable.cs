using System.Collections.Immutable;
using FuncAiSecure.LocalHost.Discovery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.LocalHost.Routing;

/// <summary>
/// Every HTTP function with its route, in the order in which the Functions host tries them: by name, ignoring case.
/// There is no precedence: the first route that matches path, method and constraints wins.
/// </summary>
internal sealed class RouteTable
{
    private readonly ImmutableArray<Entry> _entries;

    private RouteTable(ImmutableArray<Entry> entries) => _entries = entries;

    /// <summary>Functions and full templates, in the order of trial.</summary>
    public IEnumerable<(string Name, string Template)> Routes => _entries.Select(e => (e.Function.Name, e.Text));

    /// <summary>Builds the table.</summary>
    /// <exception cref="LocalHostException">A route is reserved by the platform or is not a template.</exception>
    public static RouteTable Build(IEnumerable<HttpFunction> functions, string routePrefix, IServiceProvider services)
    {
        var resolver = new DefaultInlineConstraintResolver(Options.Create(new RouteOptions()), services);
        return new RouteTable([.. functions
            .OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase)
            .Select(f => Entry.For(f, routePrefix, resolver))]);
    }

    /// <summary>Finds the function for a request and sets the request's route values; null if none matches.</summary>
    public HttpFunction? Find(HttpContext http)
    {
        var path = Trim(http.Request.Path.Value);
        var method = http.Request.Method;
        foreach (var entry in _entries)
        {
            if (entry.Function.Accepts(method) && entry.Template.TryMatch(http, path, http.Request.RouteValues))
            {
                return entry.Function;
            }
        }

        return null;
    }

    private static ReadOnlySpan<char> Trim(string? path)
    {
        var span = path.AsSpan();
        span = span is ['/', ..] ? span[1..] : span;
        return span is [.., '/'] ? span[..^1] : span;
    }

    private sealed record Entry(HttpFunction Function, string Text, RouteTemplate Template)
    {
        public static Entry For(HttpFunction function, string prefix, IInlineConstraintResolver constraints)
        {
            var route = (function.Route ?? function.Name).Trim('/');
            var first = route.Split('/')[0];
            if (first.Equals("admin", StringComparison.OrdinalIgnoreCase) || first.Equals("runtime", StringComparison.OrdinalIgnoreCase))
            {
                throw new LocalHostException(
                    $"Function \"{function.Name}\": the specified route conflicts with one or more built in routes.");
            }

            var text = prefix.Length == 0 ? route : $"{prefix}/{route}".TrimEnd('/');
            return new Entry(function, text, RouteTemplate.Parse(text, constraints));
        }
    }
}
