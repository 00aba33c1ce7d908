using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace FuncAiSecure.LocalHost.Routing;

/// <summary>
/// One route template, matched the way the Functions host does: segment by segment, ignoring case, with defaults,
/// optional and catch-all parameters and inline constraints. Segments of several parts (<c>{a}.{b}</c>) are refused.
/// </summary>
internal sealed class RouteTemplate
{
    private readonly Segment[] _segments;
    private readonly (string Name, IRouteConstraint Constraint)[] _constraints;
    private readonly (string Name, object Value)[] _defaults;

    private RouteTemplate(Segment[] segments, (string, IRouteConstraint)[] constraints, (string, object)[] defaults)
    {
        _segments = segments;
        _constraints = constraints;
        _defaults = defaults;
    }

    /// <summary>Reads a template.</summary>
    /// <exception cref="LocalHostException">It is not a template, or one that this host does not take.</exception>
    public static RouteTemplate Parse(string template, IInlineConstraintResolver constraints)
    {
        try
        {
            var pattern = RoutePatternFactory.Parse(template.Trim('/'));
            var segments = pattern.PathSegments.Select(segment => Segment.From(segment, pattern, template)).ToArray();
            var resolved = pattern.ParameterPolicies
                .SelectMany(policies => policies.Value.Select(policy => (policies.Key, Resolve(policy, template, constraints))))
                .ToArray();
            return new RouteTemplate(segments, resolved, [.. pattern.Defaults.Select(d => (d.Key, d.Value!))]);
        }
        catch (RoutePatternException e)
        {
            throw new LocalHostException($"The route \"{template}\" is not a template: {e.Message}", e);
        }
    }

    /// <summary>Matches a decoded path and fills the route values; on false they are empty.</summary>
    /// <param name="http">The request, for constraints.</param>
    /// <param name="path">The path without its leading slash and without one trailing slash.</param>
    /// <param name="values">Receives defaults and parameters.</param>
    public bool TryMatch(HttpContext? http, ReadOnlySpan<char> path, RouteValueDictionary values)
    {
        if (!MatchesLiterals(path))
        {
            return false;
        }

        foreach (var (name, value) in _defaults)
        {
            values[name] = value;
        }

        ReadParameters(path, values);
        if (MeetsConstraints(http, values))
        {
            return true;
        }

        values.Clear();
        return false;
    }

    private static IRouteConstraint Resolve(RoutePatternParameterPolicyReference policy, string template, IInlineConstraintResolver constraints) =>
        policy.ParameterPolicy as IRouteConstraint
        ?? constraints.ResolveConstraint(policy.Content!)
        ?? throw new LocalHostException($"The route \"{template}\" has an unknown constraint.");

    /// <summary>Cheap first look: literals and count, nothing allocated.</summary>
    private bool MatchesLiterals(ReadOnlySpan<char> path)
    {
        foreach (var segment in _segments)
        {
            if (segment.IsCatchAll)
            {
                return !path.IsEmpty || segment.IsOptional;
            }

            if (path.IsEmpty)
            {
                if (!segment.IsOptional)
                {
                    return false;
                }

                continue;
            }

            var text = Take(ref path);
            if (segment.Literal is { } literal ? !text.Equals(literal, StringComparison.OrdinalIgnoreCase) : text.IsEmpty)
            {
                return false;
            }
        }

        return path.IsEmpty;
    }

    private void ReadParameters(ReadOnlySpan<char> path, RouteValueDictionary values)
    {
        foreach (var segment in _segments)
        {
            if (path.IsEmpty)
            {
                break;
            }

            if (segment.IsCatchAll)
            {
                values[segment.Parameter!] = path.ToString();
                break;
            }

            var text = Take(ref path);
            if (segment.Parameter is { } parameter)
            {
                values[parameter] = text.ToString();
            }
        }
    }

    private bool MeetsConstraints(HttpContext? http, RouteValueDictionary values)
    {
        foreach (var (name, constraint) in _constraints)
        {
            if (!constraint.Match(http, null, name, values, RouteDirection.IncomingRequest)
                && (values.ContainsKey(name) || !Array.Exists(_segments, s => s.Parameter == name && s.IsOptional)))
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> path)
    {
        var slash = path.IndexOf('/');
        var text = slash < 0 ? path : path[..slash];
        path = slash < 0 ? [] : path[(slash + 1)..];
        return text;
    }

    private sealed record Segment(string? Literal, string? Parameter, bool IsOptional, bool IsCatchAll)
    {
        public static Segment From(RoutePatternPathSegment segment, RoutePattern pattern, string template) => segment switch
        {
            { IsSimple: true, Parts: [RoutePatternLiteralPart literal] } => new(literal.Content, null, false, false),
            { IsSimple: true, Parts: [RoutePatternParameterPart part] } => new(
                null, part.Name, part.IsOptional || part.IsCatchAll || pattern.Defaults.ContainsKey(part.Name), part.IsCatchAll),
            _ => throw new LocalHostException($"The route \"{template}\" has a segment of several parts, which this host does not take."),
        };
    }
}
