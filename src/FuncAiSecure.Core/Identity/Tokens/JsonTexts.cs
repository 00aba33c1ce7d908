using System.Text.Json;

namespace FuncAiSecure.Core.Identity.Tokens;

/// <summary>The strings of a JSON value that is one string, or an array of which the strings count; anything else holds none.</summary>
internal ref struct JsonTexts
{
    private readonly bool _any;
    private Utf8JsonReader _reader;

    /// <param name="value">One whole JSON value, already read once without a fault; empty for none.</param>
    public JsonTexts(ReadOnlySpan<byte> value)
    {
        _reader = new Utf8JsonReader(value);
        IsOne = !value.IsEmpty && value[0] == '"';
        _any = IsOne || (!value.IsEmpty && value[0] == '[');
        if (_any && !IsOne)
        {
            _reader.Read();
        }
    }

    /// <summary>Is the value a string itself?</summary>
    public bool IsOne { get; }

    /// <summary>Goes to the next string; false after the last.</summary>
    public bool Next()
    {
        while (_any && _reader.Read())
        {
            if (_reader.TokenType == JsonTokenType.String)
            {
                return true;
            }

            if (_reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                _reader.Skip();
            }
        }

        return false;
    }

    /// <summary>Is the string this text?</summary>
    public readonly bool Is(ReadOnlySpan<byte> utf8) => _reader.ValueTextEquals(utf8);

    /// <summary>The string, in the buffer if it fits.</summary>
    /// <exception cref="InvalidOperationException">It is not valid UTF-8.</exception>
    public readonly ReadOnlySpan<char> Current(Span<char> buffer) =>
        _reader.ValueSpan.Length <= buffer.Length ? buffer[.._reader.CopyString(buffer)] : _reader.GetString();
}
