namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>One reason to take a text for an attack.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Start">First UTF-16 unit of the original text.</param>
/// <param name="Length">UTF-16 units.</param>
public readonly record struct InjectionFinding(string Rule, int Start, int Length);
