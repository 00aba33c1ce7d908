using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Functions;
using FuncAiSecure.Http;
using FuncAiSecure.Middleware;
using FuncAiSecure.Protocols;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncAiSecure.Tests.Middleware;

/// <summary>What of a classification leaves. The model has the labels ham and spam.</summary>
public sealed class OutputGuardMiddlewareTests(GuardedModel models) : IClassFixture<GuardedModel>
{
    [Theory]
    [InlineData("{}", float.NaN, 0.5f)]
    [InlineData("{}", float.PositiveInfinity, 0.2f)]
    [InlineData("{}", 0.9f, 0.9f)]
    [InlineData("{}", 0.2f, 0.3f)]
    [InlineData("{}", -0.5f, 1.5f)]
    [InlineData("""{"blockedLabels":["ham"]}""", 0.9f, 0.1f)]
    [InlineData("""{"blockedLabels":["ham","spam"]}""", 0.1f, 0.9f)]
    public async Task Answer_that_breaks_its_contract_or_may_not_be_said_is_never_sent(string policy, float ham, float spam)
    {
        using var state = await SendAsync(policy, ham, spam);

        state.Refusal!.Code.ShouldBe(RefusalCode.OutputBlocked);
        state.Status.ShouldBe(422);
        state.Passed.HasFlag(Stages.OutputGuard).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"decimals":2}""", "0.12|ham 0.12", "0.88|spam 0.88")]
    [InlineData("""{"topK":1}""", "0.1234|", "0.8766|spam 0.8766")]
    [InlineData("""{"blockedLabels":["ham"]}""", "0.1234|", "0.8766|spam 0.8766")]
    [InlineData("{}", "0.1234|ham 0.1234", "0.8766|spam 0.8766")]
    public async Task Answer_is_as_coarse_as_the_manifest_says(string policy, string ham, string spam)
    {
        using var state = await SendAsync(policy, 0.1234f, 0.8766f);

        state.Refusal.ShouldBeNull();
        Describe(state).ShouldBe([ham, spam]);
    }

    [Theory]
    [InlineData(Roles.Infer, "0.1|ham 0.1")]
    [InlineData(Roles.Infer | Roles.ManageKeys, "0.1|ham 0.1")]
    [InlineData(Roles.Infer | Roles.ReadAudit, "0.1234|ham 0.1234")]
    public async Task Only_a_named_role_sees_exact_numbers(Roles roles, string ham)
    {
        using var state = await SendAsync("""{"decimals":1,"exactFor":["read.audit"]}""", 0.1234f, 0.8766f, roles);

        Describe(state)[0].ShouldBe(ham);
    }

    [Fact]
    public async Task Answer_of_a_route_that_a_budget_cannot_count_does_not_leave()
    {
        using var state = GuardServices.Request(nameof(TextFunctions.Moderate), "");
        state.Principal = GuardServices.Caller(Roles.Infer);
        state.Loaded = await models.LoadAsync(("output", """{"extraction":{"budget":1000}}"""), ("activation", "\"softmax\""));

        await Guard().Invoke(state.Invocation, _ => Task.CompletedTask);

        state.Refusal!.Code.ShouldBe(RefusalCode.OutputBlocked);
    }

    [Fact]
    public async Task Route_without_a_model_passes()
    {
        using var state = GuardServices.Request(nameof(HealthFunctions.HealthLive), "");

        await Guard().Invoke(state.Invocation, _ => Task.CompletedTask);

        state.Passed.HasFlag(Stages.OutputGuard).ShouldBeTrue();
    }

    // No policy here judges texts or has an information budget, so nothing asks for either.
    private static OutputGuardMiddleware Guard() => new(null!, null!, NullLogger<OutputGuardMiddleware>.Instance);

    private static string[] Describe(RequestState state)
    {
        var result = ((ClassifyProtocol)state.Protocol!).Results.Single();
        return [.. result.Probabilities.Select((probability, i) => FormattableString.Invariant(
            $"{probability}|{string.Concat(result.Best.Where(best => best.Index == i).Select(best => FormattableString.Invariant($"{best.Label} {best.Score}")))}"))];
    }

    private async Task<RequestState> SendAsync(string policy, float ham, float spam, Roles roles = Roles.Infer)
    {
        var state = GuardServices.Request(nameof(TextFunctions.Classify), "");
        state.Principal = GuardServices.Caller(roles);
        state.Loaded = await models.LoadAsync(("output", policy), ("activation", "\"softmax\""));
        LabelScore[] scores = [new(0, "ham", ham), new(1, "spam", spam)];
        ((ClassifyProtocol)state.Protocol!).Results = [new Classification([ham, spam], [.. scores.OrderByDescending(score => score.Score)])];
        await Guard().Invoke(state.Invocation, _ => Task.CompletedTask);
        return state;
    }
}
