using System.Reflection;

namespace StandIns.Tests.Functions;

/// <summary>Writes the public members of assemblies as sorted lines, so that they compare with a listing.</summary>
internal static class PublicSurface
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static SortedSet<string> Of(params IEnumerable<Assembly> assemblies)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in assemblies.Distinct().SelectMany(a => a.GetExportedTypes()))
        {
            lines.Add($"{type.Namespace} {Kind(type)} {Name(type)}{Base(type)}");
            var members = typeof(Delegate).IsAssignableFrom(type)
                ? [type.GetMethod("Invoke")!]
                : type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly);
            foreach (var line in members.Select(m => Member(type, m)).OfType<string>())
            {
                lines.Add($"{Name(type)}.{line}");
            }
        }

        return lines;
    }

    private static string? Member(Type type, MemberInfo member) => member switch
    {
        ConstructorInfo { IsPublic: true } c when !type.IsAbstract => $"ctor({Parameters(c)})",
        PropertyInfo p => $"{p.Name}: {Name(p.PropertyType)}{Question(Nullability.Create(p).ReadState)} {Accessors(p)}",
        FieldInfo { IsLiteral: true } f => $"{f.Name} = {f.GetRawConstantValue()}",
        MethodInfo { IsSpecialName: false } m =>
            $"{m.Name}{Generics(m)}({Parameters(m)}): {Name(m.ReturnType)}{Question(Nullability.Create(m.ReturnParameter).ReadState)}{Modifier(m)}",
        _ => null,
    };

    private static string Accessors(PropertyInfo p)
    {
        var set = p.SetMethod is { IsPublic: true } ? " set;" : string.Empty;
        return $"{{ get;{set} }}{Modifier(p.GetMethod!)}";
    }

    private static string Modifier(MethodInfo m) =>
        m.DeclaringType!.IsInterface || typeof(Delegate).IsAssignableFrom(m.DeclaringType) ? string.Empty
        : m.IsStatic ? " static"
        : m.IsAbstract ? " abstract"
        : m.IsVirtual && !m.IsFinal ? " virtual" : string.Empty;

    private static string Generics(MethodInfo m) =>
        m.IsGenericMethodDefinition ? $"<{string.Join(", ", m.GetGenericArguments().Select(Constrained))}>" : string.Empty;

    private static string Constrained(Type parameter)
    {
        var constraints = parameter.GetGenericParameterConstraints().Select(Name).ToList();
        if (parameter.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            constraints.Insert(0, "class");
        }

        return constraints.Count == 0 ? parameter.Name : $"{parameter.Name}: {string.Join(", ", constraints)}";
    }

    private static string Parameters(MethodBase m) => string.Join(", ", m.GetParameters().Select(p =>
        $"{Name(p.ParameterType)}{Question(Nullability.Create(p).ReadState)} {p.Name}{(p.HasDefaultValue ? " = " + (p.DefaultValue ?? "null") : "")}"));

    private static string Question(NullabilityState state) => state == NullabilityState.Nullable ? "?" : string.Empty;

    private static string Kind(Type type) =>
        type.IsInterface ? "interface"
        : type.IsEnum ? "enum"
        : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class" : "class";

    private static string Base(Type type)
    {
        if (type.IsEnum || typeof(Delegate).IsAssignableFrom(type))
        {
            return string.Empty;
        }

        var inherited = type.GetInterfaces().SelectMany(i => i.GetInterfaces());
        var bases = type.GetInterfaces().Except(inherited).Select(Name).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } b && b != typeof(object))
        {
            bases.Insert(0, Name(b));
        }

        return bases.Count == 0 ? string.Empty : " : " + string.Join(", ", bases);
    }

    private static string Name(Type type)
    {
        if (!type.IsGenericType)
        {
            return type.Name;
        }

        var stem = type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
        return $"{stem}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
