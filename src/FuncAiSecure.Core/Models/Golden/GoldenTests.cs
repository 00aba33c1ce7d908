using System.Collections.Immutable;
using System.Globalization;

namespace FuncAiSecure.Core.Models.Golden;

/// <summary>Runs a version's golden tests: a version that answers differently from what its makers expect never serves.</summary>
internal static class GoldenTests
{
    /// <summary>Runs all cases; the faults name case, output and element. Empty means that the model does what it should.</summary>
    public static async Task<ImmutableArray<ModelFault>> RunAsync(ILoadedModel model, GoldenFile golden, CancellationToken cancellation)
    {
        var faults = ImmutableArray.CreateBuilder<ModelFault>();
        for (var i = 0; i < golden.Cases.Length; i++)
        {
            var inputs = golden.Cases[i].Inputs.Select(input => input.ToTensor()!).ToList();
            var answers = await model.RunAsync(inputs, cancellation).ConfigureAwait(false);
            for (var j = 0; j < golden.Cases[i].Outputs.Length; j++)
            {
                var expected = golden.Cases[i].Outputs[j].ToTensor()!;
                var actual = answers.FirstOrDefault(answer => answer.Name == expected.Name);
                if (Difference(golden, expected, actual) is { } difference)
                {
                    faults.Add(new ModelFault(ModelManifest.GoldenFileName, $"/cases/{i}/outputs/{j}", difference));
                }
            }
        }

        return faults.ToImmutable();
    }

    private static string? Difference(GoldenFile golden, GoldenTensor expected, GoldenTensor? actual)
    {
        if (actual is null)
        {
            return "is not among the model's answers";
        }

        if (actual.Datatype != expected.Datatype || !actual.Shape.SequenceEqual(expected.Shape))
        {
            return "has another datatype or shape than the model's answer";
        }

        if (!actual.Texts.SequenceEqual(expected.Texts, StringComparer.Ordinal) || actual.Numbers.Length != expected.Numbers.Length)
        {
            return "differs from the model's answer";
        }

        for (var i = 0; i < expected.Numbers.Length; i++)
        {
            var (wanted, got) = (expected.Numbers[i], actual.Numbers[i]);
            if (!(Math.Abs(wanted - got) <= golden.AbsoluteTolerance + (golden.RelativeTolerance * Math.Abs(wanted))))
            {
                return string.Create(CultureInfo.InvariantCulture, $"is {wanted:R} at element {i}, where the model answers {got:R}");
            }
        }

        return null;
    }
}
