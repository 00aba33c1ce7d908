namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>Reads one element of a numeric tensor; a struct a datatype, so that each loop is compiled for its own.</summary>
internal interface IElementReader<T>
{
    static abstract JsonNumber.Outcome Read(ReadOnlySpan<byte> json, ref int at, out T value);
}

internal readonly struct SingleReader : IElementReader<float>
{
    public static JsonNumber.Outcome Read(ReadOnlySpan<byte> json, ref int at, out float value) => JsonNumber.ReadSingle(json, ref at, out value);
}

internal readonly struct DoubleReader : IElementReader<double>
{
    public static JsonNumber.Outcome Read(ReadOnlySpan<byte> json, ref int at, out double value) => JsonNumber.ReadDouble(json, ref at, out value);
}

internal readonly struct IntegerReader<T> : IElementReader<T>
    where T : struct, System.Numerics.IBinaryInteger<T>, System.Numerics.IMinMaxValue<T>
{
    public static JsonNumber.Outcome Read(ReadOnlySpan<byte> json, ref int at, out T value)
    {
        var outcome = JsonNumber.ReadInteger(json, ref at, long.CreateTruncating(T.MinValue), ulong.CreateTruncating(T.MaxValue), out var bits);
        value = T.CreateTruncating(bits);
        return outcome;
    }
}

internal readonly struct BoolReader : IElementReader<byte>
{
    public static JsonNumber.Outcome Read(ReadOnlySpan<byte> json, ref int at, out byte value)
    {
        var rest = json[at..];
        value = rest.StartsWith("true"u8) ? (byte)1 : (byte)0;
        if (value == 0 && !rest.StartsWith("false"u8))
        {
            return JsonNumber.Outcome.NotANumber;
        }

        at += value == 1 ? 4 : 5;
        return JsonNumber.Outcome.Ok;
    }
}
