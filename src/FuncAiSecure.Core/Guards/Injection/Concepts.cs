namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>What a word means to the guard, whatever its language; a word can mean several. Names are those of concepts.txt.</summary>
[Flags]
internal enum Concepts : uint
{
    None = 0,
    Override = 1 << 0,
    Prior = 1 << 1,
    All = 1 << 2,
    Instruction = 1 << 3,
    Limit = 1 << 4,
    Reveal = 1 << 5,
    System = 1 << 6,
    Secret = 1 << 7,
    Pretend = 1 << 8,
    Unbound = 1 << 9,
    Without = 1 << 10,
    Assistant = 1 << 11,
    Instead = 1 << 12,
    You = 1 << 13,
    Comply = 1 << 14,
    Refuse = 1 << 15,
    Mode = 1 << 16,
    Role = 1 << 17,
    Marker = 1 << 18,
    Obfuscate = 1 << 19,
    Exfiltrate = 1 << 20,
}
