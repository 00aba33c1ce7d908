using System.CommandLine.Parsing;
using System.Globalization;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Cli;

/// <summary>Readers of options and arguments. Left to itself, the library refuses a value by the name of a .NET type, and takes a number for a name.</summary>
internal static class CliValues
{
    /// <summary>The refusal of a principal that cannot be.</summary>
    public const string NotAPrincipal = $"A principal is {PrincipalId.Form}";

    /// <summary>A whole number of a range.</summary>
    public static int Whole(ArgumentResult result, int least, int most = int.MaxValue)
    {
        if (int.TryParse(TextOf(result), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Refuse(result, most == int.MaxValue ? $"a whole number, {least} or more" : $"a whole number from {least} to {most}");
        return least;
    }

    /// <summary>One of the names of an enumeration, in any case.</summary>
    public static T Choice<T>(ArgumentResult result) where T : struct, Enum
    {
        if (Enum.GetNames<T>().FirstOrDefault(name => name.Equals(TextOf(result), StringComparison.OrdinalIgnoreCase)) is { } name)
        {
            return Enum.Parse<T>(name);
        }

        Refuse(result, $"one of {string.Join(", ", Enum.GetNames<T>())}");
        return default;
    }

    /// <summary>A length of time, exactly as the options' help has it: a number alone counts days, and read more freely 24:00:00 does too.</summary>
    public static TimeSpan? Duration(ArgumentResult result)
    {
        var text = TextOf(result);
        if ((text == "0" || text.Contains(':', StringComparison.Ordinal)) && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var duration))
        {
            return duration;
        }

        Refuse(result, "a time as [days.]hh:mm:ss");
        return null;
    }

    /// <summary>A point in time.</summary>
    public static DateTimeOffset? Moment(ArgumentResult result)
    {
        if (PointInTime.TryParse(TextOf(result), out var time))
        {
            return time;
        }

        Refuse(result, PointInTime.Form);
        return null;
    }

    /// <summary>A day. Read more freely, 1/2 would be the second of January of this year.</summary>
    public static DateOnly? Day(ArgumentResult result)
    {
        if (DateOnly.TryParseExact(TextOf(result), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        Refuse(result, "a day as 2026-01-31");
        return null;
    }

    private static string TextOf(ArgumentResult result) => result.Tokens[0].Value;

    private static void Refuse(ArgumentResult result, string form)
    {
        var name = result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;
        result.AddError($"{name}: \"{TextOf(result)}\" is not {form}.");
    }
}
