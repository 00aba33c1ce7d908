using FuncAiSecure.Core.Guards;
using FuncAiSecure.Core.Guards.Output;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Tests.Guards;

public sealed class OutputGuardTests
{
    private static readonly OutputGuard Guard = new(GuardFixture.Keys());

    [Fact]
    public void Token_of_the_input_is_restored_where_the_policy_says_so()
    {
        string told = GuardFixture.Input().Inspect(GuardFixture.Pii(PiiAction.Tokenize), "Mail ann@example.com").Rewritten!;

        Guard.Inspect(Policy(PiiAction.Ignore, restore: true), "I wrote: " + told).Rewritten.ShouldBe("I wrote: Mail ann@example.com");
        Guard.Inspect(Policy(PiiAction.Ignore, restore: false), "I wrote: " + told).Action.ShouldBe(GuardAction.Allow);
    }

    [Fact]
    public void Restored_value_is_not_redacted_and_what_the_model_says_is()
    {
        string told = GuardFixture.Input().Inspect(GuardFixture.Pii(PiiAction.Tokenize), "ann@example.com").Rewritten!;

        GuardVerdict verdict = Guard.Inspect(Policy(PiiAction.Redact, restore: true), told + " knows eve@example.com");

        verdict.Rewritten.ShouldBe("ann@example.com knows [EMAIL_1]");
    }

    [Theory]
    [InlineData(PiiAction.Ignore, true, "I wrote: [EMAIL:t1.AAAA]", GuardAction.Unavailable)]
    [InlineData(PiiAction.Redact, true, "I wrote: [EMAIL:t1.AAAA]", GuardAction.Unavailable)]
    [InlineData(PiiAction.Tokenize, false, "I wrote: ann@example.com", GuardAction.Unavailable)]
    [InlineData(PiiAction.Block, true, "[EMAIL:t1.AAAA] ann@example.com", GuardAction.Block)]
    [InlineData(PiiAction.Ignore, false, "I wrote: [EMAIL:t1.AAAA]", GuardAction.Allow)]
    [InlineData(PiiAction.Redact, true, "nothing of the kind", GuardAction.Allow)]
    public void Nothing_that_needs_the_key_leaves_without_it(PiiAction action, bool restore, string text, GuardAction expected) =>
        new OutputGuard(new GuardFixture.FixedKeys(null)).Inspect(Policy(action, restore), text).Action.ShouldBe(expected);

    [Theory]
    [InlineData(new[] { 0.5f, 0.5f }, true)]
    [InlineData(new[] { 0.5f, 0.6f }, false)]
    [InlineData(new[] { 1.5f, -0.5f }, false)]
    [InlineData(new[] { float.NaN, 1f }, false)]
    [InlineData(new float[0], false)]
    public void Probabilities_are_checked(float[] row, bool expected) => OutputRules.AreProbabilities(row).ShouldBe(expected);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Numbers_that_are_not_finite_are_seen(float value) => OutputRules.AreFinite([1, value]).ShouldBeFalse();

    [Fact]
    public void Rounding_follows_the_policy()
    {
        float[] values = [0.123456f, 0.99951f];

        OutputRules.Round(new OutputPolicy { Decimals = 3 }, values);

        values.ShouldBe([0.123f, 1f]);
    }

    [Fact]
    public void Blocked_labels_and_exact_roles_are_told_exactly()
    {
        OutputPolicy policy = new() { BlockedLabels = ["weapon"], ExactFor = ["analyst"], TopK = 2 };

        OutputRules.IsBlocked(policy, "weapon").ShouldBeTrue();
        OutputRules.IsBlocked(policy, "Weapon").ShouldBeFalse();
        OutputRules.IsExactFor(policy, ["analyst"]).ShouldBeTrue();
        OutputRules.IsExactFor(policy, ["infer"]).ShouldBeFalse();
        OutputRules.Shown(policy, 5).ShouldBe(2);
    }

    private static GuardPolicy Policy(PiiAction action, bool restore) => new() { OutputPii = new PiiPolicy { Default = action, Restore = restore } };
}
