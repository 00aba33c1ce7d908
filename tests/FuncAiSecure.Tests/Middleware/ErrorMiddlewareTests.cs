using FuncAiSecure.Core;
using FuncAiSecure.Hosting;
using FuncAiSecure.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncAiSecure.Tests.Middleware;

/// <summary>What becomes of exceptions.</summary>
public sealed class ErrorMiddlewareTests
{
    [Theory]
    [InlineData(true, true, RefusalCode.Overloaded)]
    [InlineData(false, true, RefusalCode.InternalError)]
    [InlineData(true, false, RefusalCode.InternalError)]
    public async Task A_request_cut_off_because_its_instance_stops_is_no_defect(bool stops, bool isCancelled, RefusalCode expected)
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        var invocation = new SelfCheckInvocation(SelfCheckProbe.All[0], services, new CancellationToken(stops));
        var errors = new ErrorMiddleware(TimeProvider.System, NullLogger<ErrorMiddleware>.Instance);

        await errors.Invoke(invocation, _ => throw (isCancelled ? new OperationCanceledException() : new InvalidDataException()));

        invocation.Outcome.ShouldBe(expected);
    }
}
