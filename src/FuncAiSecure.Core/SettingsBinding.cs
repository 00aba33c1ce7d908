using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core;

/// <summary>
/// Reads a section of settings and refuses what it does not understand. Without that, a setting with a mistyped name would be without effect
/// and, worse, one wrong value would silently take its whole entry out of a list or map: a quota's policy, an issuer, a trusted network.
/// </summary>
public static partial class SettingsBinding
{
    /// <summary>Binds the options to a section.</summary>
    /// <remarks>
    /// Reading the options throws <see cref="SettingsException"/> for a name that they do not have and for a value that does not
    /// convert. Its message names the setting and does not repeat the value: who mistypes a name may also put a secret in the wrong place.
    /// </remarks>
    public static OptionsBuilder<TOptions> BindSettings<TOptions>(this OptionsBuilder<TOptions> builder, IConfiguration configuration, string section)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return builder.Configure(options => Bind(configuration.GetSection(section), options));
    }

    /// <summary>The same, from the configuration that the container holds.</summary>
    public static OptionsBuilder<TOptions> BindSettings<TOptions>(this OptionsBuilder<TOptions> builder, string section)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Configure<IConfiguration>((options, configuration) => Bind(configuration.GetSection(section), options));
    }

    /// <summary>The options of a section, with their defaults where it says nothing; not validated.</summary>
    /// <exception cref="SettingsException">A name that they do not have, or a value that does not convert.</exception>
    public static TOptions ReadSettings<TOptions>(this IConfiguration configuration, string section)
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = new TOptions();
        Bind(configuration.GetSection(section), options);
        return options;
    }

    /// <summary>Refuses a section that nothing reads: mistyped, it would leave a control at its defaults, or switched off, and nobody would know.</summary>
    /// <param name="configuration">All settings.</param>
    /// <param name="known">The sections that are read, each as <c>Root:Name</c> under the same root.</param>
    /// <exception cref="SettingsException">A section of that root is not among them; the message names it.</exception>
    public static void RefuseUnknownSections(this IConfiguration configuration, params ReadOnlySpan<string> known)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var root = known[0][..known[0].IndexOf(':', StringComparison.Ordinal)];
        foreach (var section in configuration.GetSection(root).GetChildren())
        {
            if (!known.Contains(section.Path, StringComparer.OrdinalIgnoreCase))
            {
                throw new SettingsException($"{root}: there is no section '{section.Key}'.");
            }
        }
    }

    private static void Bind(IConfigurationSection section, object options)
    {
        RefuseWhatIsNoTime(section, options.GetType());
        try
        {
            section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException e)
        {
            // The binder's own messages repeat values. What lies in an entry of a list or map comes wrapped, once for each.
            while (e.InnerException is InvalidOperationException within)
            {
                e = within;
            }

            throw new SettingsException(Describe(section.Path, e.Message, options.GetType().Assembly));
        }
    }

    // The binder's conversion takes 48:00:00, whose hours are too many for a day, for 48 days, and so it takes 48 alone.
    private static void RefuseWhatIsNoTime(IConfigurationSection section, Type type)
    {
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(TimeSpan))
        {
            if (section.Value is { } value
                && !(value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParseExact(value.Trim(), "c", CultureInfo.InvariantCulture, out _)))
            {
                throw new SettingsException($"{section.Path}: the value is not a time such as 00:01:30 or 1.00:00:00.");
            }

            return;
        }

        var entries = type.IsArray ? type.GetElementType() : type.IsGenericType ? type.GetGenericArguments()[^1] : null;
        foreach (var child in section.GetChildren())
        {
            // A name that the options do not have is the binder's to refuse.
            if ((entries ?? type.GetProperty(child.Key, BindingFlags.IgnoreCase | BindingFlags.Instance | BindingFlags.Public)?.PropertyType) is { } inner)
            {
                RefuseWhatIsNoTime(child, inner);
            }
        }
    }

    private static string Describe(string section, string message, Assembly assembly)
    {
        if (Conversion().Match(message) is { Success: true } conversion)
        {
            return $"{conversion.Groups[1].Value}: the value is not {Expected(conversion.Groups[2].Value, assembly)}.";
        }

        return Unknown().Match(message) is { Success: true } unknown
            ? $"{section}: there is no setting {unknown.Groups[1].Value}."
            : $"{section}: a setting is not understood.";
    }

    private static string Expected(string type, Assembly assembly) => type switch
    {
        _ when assembly.GetType(type) is { IsEnum: true } names => "one of " + string.Join(", ", Enum.GetNames(names)),
        "System.Boolean" => "true or false",
        "System.Int32" or "System.Int64" => "a whole number",
        "System.Double" => "a number",
        _ => "a " + type[(type.LastIndexOf('.') + 1)..],
    };

    // Greedy up to the last of the kind: the value, which stands before, may hold anything.
    [GeneratedRegex(@"^.*' at '([^']*)' to type '([^']*)'\.$", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Conversion();

    [GeneratedRegex(@" were not found on the instance of [^:]*: (.*)$", RegexOptions.NonBacktracking)]
    private static partial Regex Unknown();
}
