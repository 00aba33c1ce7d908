using System.Text.Json;

namespace FuncAiSecure.Core.Identity.Tokens;

/// <summary>
/// The members of one JSON object, each where it stands in the text: nothing is copied and no string is made. An object that names a
/// member twice is refused, because two readers could disagree about which one counts (RFC 7515, section 4; RFC 7519, section 4).
/// </summary>
internal readonly ref struct JsonMembers
{
    /// <summary>The most members that an object may have.</summary>
    public const int Max = 100;

    private readonly ReadOnlySpan<byte> _json;
    private readonly ReadOnlySpan<Member> _members;

    private JsonMembers(ReadOnlySpan<byte> json, ReadOnlySpan<Member> members)
    {
        _json = json;
        _members = members;
    }

    /// <summary>Reads an object.</summary>
    /// <param name="json">The text in UTF-8, and nothing after it.</param>
    /// <param name="places">Room for <see cref="Max"/> members.</param>
    /// <param name="members">The members.</param>
    /// <returns>False for another value than an object, too many members, an escaped name, or a name that comes twice.</returns>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static bool TryRead(ReadOnlySpan<byte> json, Span<Member> places, out JsonMembers members)
    {
        members = default;
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // An escape can spell the same name in another way. In a name only "/" is ever escaped in earnest.
            if (count == Max || (reader.ValueIsEscaped && !OnlySlashesAreEscaped(reader.ValueSpan)))
            {
                return false;
            }

            var name = reader.ValueSpan;
            foreach (ref readonly var other in places[..count])
            {
                if (json.Slice(other.Name, other.NameLength).SequenceEqual(name))
                {
                    return false;
                }
            }

            var nameStart = (int)reader.TokenStartIndex + 1;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            places[count++] = new Member(nameStart, name.Length, start, (int)reader.BytesConsumed - start);
        }

        // What follows the object is read too, and refused by the reader.
        _ = reader.Read();
        members = new JsonMembers(json, places[..count]);
        return true;
    }

    /// <summary>Is there a member of this name?</summary>
    public bool Has(ReadOnlySpan<byte> name) => !this[name].IsEmpty;

    /// <summary>The text of a member's value; empty if there is none.</summary>
    public ReadOnlySpan<byte> this[ReadOnlySpan<byte> name]
    {
        get
        {
            foreach (ref readonly var member in _members)
            {
                if (_json.Slice(member.Name, member.NameLength).SequenceEqual(name))
                {
                    return _json.Slice(member.Value, member.ValueLength);
                }
            }

            return default;
        }
    }

    /// <summary>A member's text, in the buffer if it fits; empty if there is none, or if it is no string.</summary>
    public ReadOnlySpan<char> Text(ReadOnlySpan<byte> name, Span<char> buffer)
    {
        var value = new JsonTexts(this[name]);
        return value.IsOne && value.Next() ? value.Current(buffer) : default;
    }

    // "a\/b" is how some writers spell "a/b"; a name spelled both ways in one object is still two names here and nobody's claim.
    private static bool OnlySlashesAreEscaped(ReadOnlySpan<byte> name)
    {
        for (int at; (at = name.IndexOf((byte)'\\')) >= 0; name = name[(at + 2)..])
        {
            if (name[at + 1] != '/')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Where a member's name (without quotes) and value (whole) stand in the text.</summary>
    internal readonly record struct Member(int Name, int NameLength, int Value, int ValueLength);
}
