namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>What a part of what may be a name looks like.</summary>
internal enum NamePartForm : byte
{
    /// <summary>A word with a capital.</summary>
    Word,

    /// <summary>One capital, mostly with a point.</summary>
    Initial,

    /// <summary>A small word that surnames begin with: van, de, bin.</summary>
    Particle,

    /// <summary>What follows a name: Jr., III.</summary>
    Suffix,
}

/// <summary>One part of a run of words with capitals.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends; an initial or suffix with its point.</param>
/// <param name="Form">What it looks like.</param>
/// <param name="Mark">What the lists say of it.</param>
internal readonly record struct NamePart(int Start, int End, NamePartForm Form, NameMark Mark)
{
    /// <summary>A first name and little else.</summary>
    public bool IsFirst => Mark.HasFlag(NameMark.First);

    /// <summary>A first name, a word or not.</summary>
    public bool MayBeFirst => (Mark & (NameMark.First | NameMark.FirstOrWord)) != 0;

    /// <summary>A surname and little else.</summary>
    public bool IsLast => Mark.HasFlag(NameMark.Last);

    /// <summary>A surname, a word or not.</summary>
    public bool MayBeLast => (Mark & (NameMark.Last | NameMark.LastOrWord)) != 0;
}
