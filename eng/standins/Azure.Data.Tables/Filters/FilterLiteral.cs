using System.Globalization;

namespace Azure.Data.Tables;

/// <summary>Values as literals of the OData filter language.</summary>
internal static class FilterLiteral
{
    public static string Of(object value) =>
        value switch
        {
            string text => Quote(text),
            bool truth => truth ? "true" : "false",
            int number => number.ToString(CultureInfo.InvariantCulture),
            long number => number.ToString(CultureInfo.InvariantCulture) + "L",
            double number => Fraction(number.ToString("R", CultureInfo.InvariantCulture)),
            float number => Fraction(number.ToString("R", CultureInfo.InvariantCulture)),
            DateTimeOffset time => $"datetime'{EdmValue.TimeText(time.UtcDateTime)}'",
            DateTime time => $"datetime'{EdmValue.TimeText(time.ToUniversalTime())}'",
            Guid guid => $"guid'{guid}'",
            byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
            BinaryData bytes => $"X'{Convert.ToHexString(bytes.ToMemory().Span)}'",
            Enum symbol => Quote(symbol.ToString()),
            null => throw new ArgumentException("The filter language has no null."),
            _ => throw new ArgumentException($"Unable to convert value of type {value.GetType()} to a filter literal."),
        };

    public static string Format(FormattableString filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var literals = Array.ConvertAll(filter.GetArguments(), value => (object)Of(value));
        return string.Format(CultureInfo.InvariantCulture, filter.Format, literals);
    }

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Fraction(string number) =>
        number.AsSpan().ContainsAny('.', 'E', 'N') || number.Contains('I', StringComparison.Ordinal) ? number : number + ".0";
}
