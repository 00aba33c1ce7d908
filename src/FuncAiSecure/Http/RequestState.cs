using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Protocols;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.Http;

/// <summary>
/// What the stages of one request tell each other, and the one answer it gets. The outermost stage makes it, writes the
/// answer and disposes it; it travels in the invocation's items.
/// </summary>
internal sealed class RequestState : IDisposable
{
    private readonly RequestDeadline _deadline;
    private ActivityTraceId _traceId;

    public RequestState(HttpContext http, FunctionContext invocation, Endpoint endpoint, TimeProvider time)
    {
        Http = http;
        Invocation = invocation;
        Endpoint = endpoint;
        Time = time;
        StartedAt = time.GetTimestamp();
        RequestId = FuncAiSecure.Http.RequestId.TakeOver(http.Request.Headers["x-request-id"], time.GetUtcNow());
        Protocol = endpoint.Protocol?.Invoke();
        Timing = new ServerTiming(StartedAt);
        _deadline = new RequestDeadline(time, StartedAt, http.RequestAborted, invocation.CancellationToken);
    }

    public HttpContext Http { get; }

    public FunctionContext Invocation { get; }

    public Endpoint Endpoint { get; }

    public TimeProvider Time { get; }

    /// <summary>When the request arrived, as a timestamp of <see cref="Time"/>.</summary>
    public long StartedAt { get; }

    public string RequestId { get; }

    /// <summary>Controls that this request has passed.</summary>
    public Stages Passed { get; set; }

    /// <summary>The address that the caller called from, as far as trusted hops tell.</summary>
    public IPAddress ClientAddress { get; set; } = IPAddress.None;

    /// <summary>Who calls; null before identity and on routes that anyone may call.</summary>
    public Principal? Principal { get; set; }

    /// <summary>The model that the request names; null where it names none.</summary>
    public string? ModelName { get; set; }

    /// <summary>The version that the request names; null asks for the promoted one.</summary>
    public int? RequestedVersion { get; set; }

    /// <summary>The version that the request is held to, from access to the end.</summary>
    public ModelLease? Model { get; set; }

    /// <summary>The loaded model that the request runs on; set by the schema stage.</summary>
    public OnnxModel? Loaded { get; set; }

    /// <summary>What the input counts in the plan's input units; set by the schema stage.</summary>
    public long InputUnits { get; set; }

    /// <summary>What the request holds of its principal's plan; the default holds nothing.</summary>
    public QuotaLease Quota { get; set; }

    /// <summary>How the inference request is read, run and answered; null on a route that runs no model.</summary>
    public InferenceProtocol? Protocol { get; }

    /// <summary>The request body; empty on routes without one.</summary>
    public PooledBuffer Body { get; } = new();

    /// <summary>The answer's body.</summary>
    public PooledBuffer Output { get; } = new();

    public int Status { get; private set; } = StatusCodes.Status200OK;

    public string ContentType { get; private set; } = "application/json";

    /// <summary>Why the request was refused; null while it stands.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>True when the caller went away: nothing is answered, nothing counts as failed.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>The trace that the request belongs to: the caller's where it sent a valid one, else a new one.</summary>
    public ActivityTraceId TraceId
    {
        get
        {
            if (_traceId == default)
            {
                _traceId = TraceContextReader.TraceIdOf(Http.Request.Headers.TraceParent) ?? ActivityTraceId.CreateRandom();
            }

            return _traceId;
        }
        set => _traceId = value;
    }

    /// <summary>Where the time went.</summary>
    public ServerTiming Timing { get; }

    /// <summary>How long the model took, its wait in the queue included; null if it did not run.</summary>
    public TimeSpan? Ran { get; set; }

    /// <summary>What an operator's request is about, for the audit trail; set by the function, once the caller may ask.</summary>
    public string? Subject { get; set; }

    /// <summary>To whom an operator's request did something, for the audit trail.</summary>
    public PrincipalId? About { get; set; }

    /// <summary>What the guards found, for the audit trail: rule ids and scores.</summary>
    public ImmutableArray<AuditVerdict> Verdicts { get; set; } = [];

    /// <summary>How long the request waited for the model; null where it did not run or the wait is not known.</summary>
    public TimeSpan? Queued { get; set; }

    /// <summary>Ends the request with a refusal. The first one stands.</summary>
    public void Refuse(Refusal refusal)
    {
        if (Refusal is null)
        {
            Refusal = refusal;
            Status = RefusalMapping.Of(refusal.Code).Status;
            ContentType = ProblemWriter.ContentType;
            Output.Clear();
            ProblemWriter.Write(Output, refusal, Endpoint.FamilyOf(Http.Request.Path), RequestId, TraceId.ToHexString());
        }
    }

    /// <summary>Sets status and content type of the answer in <see cref="Output"/>.</summary>
    public void Answer(int status, string contentType = "application/json")
    {
        Status = status;
        ContentType = contentType;
    }

    /// <summary>Shortens the time that the request may take, counted from its arrival.</summary>
    public void LimitTime(TimeSpan limit) => _deadline.Limit(limit);

    /// <summary>When the request must have been answered, as a timestamp of <see cref="Time"/>; 0 where no limit is set.</summary>
    public long DeadlineAt => _deadline.At;

    /// <summary>Cancelled when the caller goes, the host stops the invocation or the deadline passes.</summary>
    public CancellationToken Cancellation => _deadline.Token;

    /// <summary>True once the deadline has passed.</summary>
    public bool IsPastDeadline => _deadline.HasPassed;

    /// <summary>True once the host has told the invocation to end.</summary>
    public bool IsStopped => Invocation.CancellationToken.IsCancellationRequested;

    // A run that was cut short, or whose outputs are held back, has cost as much as one that was answered; only what never came to a
    // run is given back.
    private bool MayHaveRun => Ran is not null
        || ((Passed & Stages.BeforeInference) == Stages.BeforeInference
            && (IsAbandoned || Refusal?.Code is RefusalCode.DeadlineExceeded or RefusalCode.InternalError
                or RefusalCode.OutputBlocked or RefusalCode.InputInvalid));

    public void Dispose()
    {
        Quota.Complete(ran: MayHaveRun);
        _deadline.Dispose();
        Protocol?.Dispose();
        Model?.Dispose();
        Body.Dispose();
        Output.Dispose();
    }
}
