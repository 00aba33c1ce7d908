using System.Globalization;
using System.Text.RegularExpressions;
using FuncAiSecure.Core.Quotas.Plans;
using static FuncAiSecure.Core.Tests.Quotas.QuotaStage;

namespace FuncAiSecure.Core.Tests.Quotas;

public sealed partial class RateLimitFieldTests
{
    [Fact]
    public void The_policy_field_names_every_policy_with_amount_and_window()
    {
        var stage = new QuotaStage(
            ("units-month", Limit(PolicyWindow.Month, 2_000_000, QuotaUnit.InputUnits)),
            ("day", Limit(PolicyWindow.Day, 20_000)),
            ("minute", Limit(PolicyWindow.Minute, 600)),
            ("inflight", Limit(PolicyWindow.Concurrent, 8)),
            ("burst", Limit(PolicyWindow.Burst, 20)));

        var lease = stage.Ask(stage.Instance()).Lease;

        lease.RateLimitPolicy.ShouldBe(
            "\"burst\";q=20;w=2, \"inflight\";q=8;qu=\"concurrent-requests\", \"minute\";q=600;w=60, \"day\";q=20000;w=86400, "
            + "\"units-month\";q=2000000;w=2678400;funcai-unit=\"input-units\"");
    }

    [Fact]
    public void The_limit_field_says_what_is_left_and_when_there_is_more()
    {
        var stage = new QuotaStage(("minute", Limit(PolicyWindow.Minute, 600)), ("inflight", Limit(PolicyWindow.Concurrent, 8)));
        var instance = stage.Instance();
        stage.Ask(instance);

        var field = RateLimit(stage.Ask(instance).Lease);

        field.ShouldMatch("^\"inflight\";r=6, \"minute\";r=598;t=(39|40|41)$");
    }

    [Theory]
    [InlineData(0.25, 4)]
    [InlineData(50, 1)]
    public void A_burst_says_in_whole_seconds_when_it_has_one_token_more(double perSecond, int seconds)
    {
        var stage = new QuotaStage(("burst", new PolicyOptions { Window = PolicyWindow.Burst, Amount = 3, RefillPerSecond = perSecond }));
        var instance = stage.Instance();

        RateLimit(stage.Ask(instance).Lease).ShouldBe($"\"burst\";r=2;t={seconds}");
    }

    [Fact]
    public void A_refusal_tells_as_well()
    {
        var stage = new QuotaStage(("minute", Limit(PolicyWindow.Minute, 1)));
        var instance = stage.Instance();
        stage.Ask(instance);

        var refused = stage.Ask(instance);

        refused.IsAdmitted.ShouldBeFalse();
        RateLimit(refused.Lease).ShouldStartWith("\"minute\";r=0;t=");
        var t = long.Parse(Numbers().Match(RateLimit(refused.Lease)).Groups["t"].Value, CultureInfo.InvariantCulture);
        refused.Refusal!.RetryAfter!.Value.TotalSeconds.ShouldBeGreaterThan(t - 1);
    }

    [Fact]
    public void A_buffer_that_is_too_small_is_said_so()
    {
        var stage = new QuotaStage(("minute", Limit(PolicyWindow.Minute, 1)));

        stage.Ask(stage.Instance()).Lease.TryFormatRateLimit(stackalloc char[5], out _).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_is_promised_is_then_admitted(int seed)
    {
        var random = new Random(seed);
        var stage = new QuotaStage(
            ("minute", Limit(PolicyWindow.Minute, random.Next(1, 500))),
            ("day", Limit(PolicyWindow.Day, random.Next(1, 700))),
            ("burst", new PolicyOptions { Window = PolicyWindow.Burst, Amount = random.Next(1, 300), RefillPerSecond = random.Next(1, 50) }));
        var instance = stage.Instance();
        for (var n = random.Next(0, 120); n > 0; n--)
        {
            stage.Ask(instance).Lease.Complete(ran: random.Next(3) > 0);
            stage.Wait(TimeSpan.FromMilliseconds(random.Next(40)));
        }

        var last = stage.Ask(instance);
        var field = RateLimit(last.Lease);
        var promised = Numbers().Matches(field).Min(match => int.Parse(match.Groups["r"].Value, CultureInfo.InvariantCulture));
        var second = stage.World.Now / TimeSpan.TicksPerMinute;
        for (var i = 0; i < promised; i++)
        {
            var admission = stage.Ask(instance);
            if (stage.World.Now / TimeSpan.TicksPerMinute != second)
            {
                return; // the window is over, and so is its promise
            }

            admission.IsAdmitted.ShouldBeTrue($"seed {seed}: {i} of {promised} ({field})");
        }
    }

    /// <summary>Seeds of the property.</summary>
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, 60)];

    [GeneratedRegex("r=(?<r>[0-9]+)(;t=(?<t>[0-9]+))?")]
    private static partial Regex Numbers();
}
