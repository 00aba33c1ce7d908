using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Tests.Monitoring.Simulation;

namespace FuncAiSecure.Benchmarks.Guards.Extraction;

/// <summary>What an honest caller loses to a budget over weeks.</summary>
/// <param name="Requests">How often it asked.</param>
/// <param name="Reduced">Answers that told less.</param>
/// <param name="Refused">Requests that were refused.</param>
/// <param name="ScoreError">By how much the best label's score was off, over all answers.</param>
internal sealed record HonestWeeks(int Requests, int Reduced, int Refused, double ScoreError)
{
    private const double RepeatShare = 0.4;
    private const int Memory = 100;

    /// <summary>Runs a caller, minute by minute.</summary>
    /// <param name="manifest">The model with its policy.</param>
    /// <param name="kind">How much it asks, and when.</param>
    /// <param name="pool">What honest callers ask.</param>
    /// <param name="weeks">For how long.</param>
    public static HonestWeeks Run(ModelManifest manifest, CallerKind kind, IReadOnlyList<Query> pool, int weeks)
    {
        var caller = new Caller(kind, "caller", new Chance(6));
        var chance = new Chance(7);
        var endpoint = new Endpoint(manifest);
        var recent = new List<Query>();
        var start = new DateTimeOffset(2030, 1, 7, 0, 0, 0, TimeSpan.Zero);
        var (requests, reduced, refused, error) = (0, 0, 0, 0.0);
        for (var minute = 0; minute < weeks * 7 * 1_440; minute++)
        {
            var count = caller.CountAt(start.AddMinutes(minute));
            endpoint.SetTime(TimeSpan.FromMinutes(minute));
            for (var i = 0; i < count; i++, requests++)
            {
                var query = recent.Count > 0 && chance.Happens(RepeatShare)
                    ? recent[(int)(recent.Count * chance.Uniform())]
                    : pool[(int)(pool.Count * chance.Uniform())];
                recent.Add(query);
                recent.RemoveRange(0, Math.Max(0, recent.Count - Memory));
                if (endpoint.Ask(query) is not var (step, policy))
                {
                    refused++;
                    continue;
                }

                reduced += step >= 0 ? 1 : 0;
                var best = query.Scores.Max();
                error += policy.Decimals is { } decimals ? Math.Abs(Math.Round((double)best, decimals) - best) : 0;
            }
        }

        return new HonestWeeks(requests, reduced, refused, error / Math.Max(1, requests - refused));
    }
}
