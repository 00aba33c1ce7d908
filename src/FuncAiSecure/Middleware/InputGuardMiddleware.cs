using FuncAiSecure.Core;
using FuncAiSecure.Core.Guards;
using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.Http;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Middleware;

/// <summary>
/// Injection and personal data, as the model's manifest says. Stands after the schema: texts are bounded by then. Neither its log
/// nor its refusals hold any of the caller's text: rule ids are all they say.
/// </summary>
internal sealed class InputGuardMiddleware(InputGuard guard, ExtractionGuard extraction, ILogger<InputGuardMiddleware> logger)
    : Stage(Stages.InputGuard)
{
    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state)
    {
        if (state.Protocol is not { } protocol || state.Loaded is not { } model)
        {
            return default;
        }

        // What the output guard would refuse need not run.
        if (OutputCharge.CheckSpent(extraction, state, model.Manifest) is { } refusal)
        {
            return new(refusal);
        }

        return protocol.Texts.Count > 0 && (model.Manifest.Guards.Injection is not null || model.Manifest.Guards.InputPii is not null)
            ? new(Judge(state, protocol, model.Manifest.Guards))
            : default;
    }

    private Refusal? Judge(RequestState state, Protocols.InferenceProtocol protocol, Core.Models.GuardPolicy policy) =>
        TextVerdicts.Carry(state, logger, protocol.Texts, text => guard.Inspect(policy, text), protocol.Replace, (index, rules) => new Refusal(RefusalCode.InputBlocked)
        {
            Detail = "A guard of this model refused the input.",
            Parameter = "input",
            Errors = [new InputError(protocol.PointerOf(index), "Broken rules: " + rules + ".")],
        });
}
