using FuncAiSecure.Core.Audit;
using FuncAiSecure.Http;

namespace FuncAiSecure.Middleware;

/// <summary>What the audit trail is told of a request.</summary>
internal static class AuditEntries
{
    /// <summary>Makes the record.</summary>
    /// <param name="state">The request.</param>
    /// <param name="failure">The exception that is on its way to the error stage, which will answer; null if none is.</param>
    /// <param name="trail">Whose key hashes the input.</param>
    public static AuditRecord Of(RequestState state, Exception? failure, AuditTrail trail)
    {
        var end = RequestEnd.Of(state, failure);
        var isInference = state.Protocol is not null;
        return new AuditRecord
        {
            Action = state.Endpoint.Function,
            Outcome = end.IsAbandoned ? AuditOutcomes.Abandoned : end.Refused?.ToString() ?? AuditOutcomes.Served,
            Status = end.Status,
            RequestId = state.RequestId,
            TraceId = state.TraceId.ToHexString(),
            Principal = state.Principal,
            ClientAddress = state.ClientAddress,
            Subject = state.Subject,
            About = state.About,
            // A name that no model has may be the caller's text.
            Model = state.Model?.Manifest.Name,
            Version = state.Model?.Version,
            Units = state.InputUnits,
            Duration = state.Time.GetElapsedTime(state.StartedAt),
            InferenceDuration = state.Ran,
            InputBytes = state.Body.Length,
            InputDigest = isInference && state.Body.Length > 0 ? trail.DigestInput(state.Body.Memory.Span) : null,
            Verdicts = state.Verdicts,
        };
    }
}
