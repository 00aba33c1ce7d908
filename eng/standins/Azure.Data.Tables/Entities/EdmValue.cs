using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>The service's value types in JSON: what JSON cannot say is written as text beside an annotation.</summary>
internal static class EdmValue
{
    public const string AnnotationSuffix = "@odata.type";

    public static void Write(Utf8JsonWriter writer, string name, object value)
    {
        switch (value)
        {
            case null:
                break;
            case string text:
                writer.WriteString(name, text);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            case bool truth:
                writer.WriteBoolean(name, truth);
                break;
            case long number:
                Annotate(writer, name, "Edm.Int64");
                writer.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                WriteDouble(writer, name, number);
                break;
            case float number:
                WriteDouble(writer, name, number);
                break;
            case DateTimeOffset time:
                Annotate(writer, name, "Edm.DateTime");
                writer.WriteString(name, TimeText(time.UtcDateTime));
                break;
            case DateTime time:
                Annotate(writer, name, "Edm.DateTime");
                writer.WriteString(name, TimeText(time.ToUniversalTime()));
                break;
            case Guid guid:
                Annotate(writer, name, "Edm.Guid");
                writer.WriteString(name, guid);
                break;
            case byte[] bytes:
                Annotate(writer, name, "Edm.Binary");
                writer.WriteBase64String(name, bytes);
                break;
            case BinaryData bytes:
                Annotate(writer, name, "Edm.Binary");
                writer.WriteBase64String(name, bytes.ToMemory().Span);
                break;
            case Enum symbol:
                writer.WriteString(name, symbol.ToString());
                break;
            default:
                throw new NotSupportedException($"{value.GetType()} is not a type of the Table service.");
        }
    }

    public static object Read(ref Utf8JsonReader reader, string edmType) =>
        reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Number when edmType is not "Edm.Double" && reader.TryGetInt32(out var number) => number,
            JsonTokenType.Number => reader.GetDouble(),
            JsonTokenType.String when edmType == "Edm.Binary" => reader.GetBytesFromBase64(),
            JsonTokenType.String when edmType == "Edm.Guid" => reader.GetGuid(),
            JsonTokenType.String => FromText(reader.GetString(), edmType),
            _ => throw new JsonException("An entity's value is neither text, number nor truth value."),
        };

    public static object FromText(string text, string edmType) =>
        edmType switch
        {
            "Edm.Int64" => long.Parse(text, CultureInfo.InvariantCulture),
            "Edm.DateTime" => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
            "Edm.Guid" => Guid.Parse(text),
            "Edm.Binary" => Convert.FromBase64String(text),
            "Edm.Double" => double.Parse(text, CultureInfo.InvariantCulture),
            _ => text,
        };

    public static object ConvertTo(object value, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            DateTimeOffset time when type == typeof(DateTime) => time.UtcDateTime,
            byte[] bytes when type == typeof(BinaryData) => new BinaryData(bytes),
            string text when type.IsEnum => Enum.Parse(type, text),
            string text when type == typeof(ETag) => new ETag(text),
            int number when type == typeof(double) => (double)number,
            int number when type == typeof(long) => (long)number,
            int number when type == typeof(float) => (float)number,
            double number when type == typeof(float) => (float)number,
            _ => value,
        };
    }

    public static string TimeText(DateTime utc) => utc.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    private static void WriteDouble(Utf8JsonWriter writer, string name, double number)
    {
        // Annotated even where it has a fraction: a whole number would come back as an Int32.
        Annotate(writer, name, "Edm.Double");
        if (double.IsFinite(number))
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void Annotate(Utf8JsonWriter writer, string name, string edmType) =>
        writer.WriteString(name + AnnotationSuffix, edmType);
}
