namespace FuncAiSecure.Core.Guards.Pii;

/// <summary>What the lists of names say of a word.</summary>
[Flags]
internal enum NameMark : byte
{
    /// <summary>In neither list.</summary>
    None = 0,

    /// <summary>A first name and little else.</summary>
    First = 1,

    /// <summary>A first name that is an ordinary word, a month, a place or a brand, too.</summary>
    FirstOrWord = 2,

    /// <summary>A surname and little else.</summary>
    Last = 4,

    /// <summary>A surname that is an ordinary word, a place or a brand, too.</summary>
    LastOrWord = 8,
}
