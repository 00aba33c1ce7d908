using System.Collections.Immutable;
using FuncAiSecure.Core.Guards;
using FuncAiSecure.Core.Guards.Injection;
using FuncAiSecure.Core.Guards.Pii;
using FuncAiSecure.Core.Models;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Tests.Guards;

internal static class GuardFixture
{
    public static FixedKeys Keys(byte seed = 1) => new(new GuardKeys([.. Enumerable.Repeat(seed, 32)]));

    public static InputGuard Input(IGuardKeySource? keys = null, int maxCharacters = 32_768, PromptClassifier? classifier = null) =>
        new(Options.Create(new GuardOptions { MaxCharacters = maxCharacters }), new PromptClassifierSource(classifier), keys ?? Keys());

    public static GuardPolicy Pii(PiiAction action, params (string Kind, PiiAction Action)[] kinds) => new()
    {
        InputPii = new PiiPolicy { Default = action, Kinds = kinds.ToImmutableDictionary(k => k.Kind, k => k.Action) },
    };

    public static GuardPolicy Injection(InjectionAction action) => new() { Injection = new InjectionPolicy { Action = action } };

    internal sealed record FixedKeys(GuardKeys? Current) : IGuardKeySource;
}
