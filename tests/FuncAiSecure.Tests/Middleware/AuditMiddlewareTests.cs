using System.Net;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Reading;
using FuncAiSecure.Functions;
using FuncAiSecure.Hosting;
using FuncAiSecure.Http;
using FuncAiSecure.Middleware;
using FuncAiSecure.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FuncAiSecure.Tests.Middleware;

public sealed class AuditMiddlewareTests : IAsyncLifetime
{
    private readonly string _journal = Path.Combine(Path.GetTempPath(), "funcai-app-audit-" + Guid.NewGuid().ToString("N"));
    private AzuriteFixture _azurite = null!;
    private IHost _host = null!;
    private Func<Task> _whileStopping = () => Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _azurite = await AzuriteFixture.StartAsync();
        var app = Host.CreateEmptyApplicationBuilder(null);

        app.Services.AddSingleton<IHostedService>(new HostsOwn(() => _whileStopping()));
        app.Configuration.AddInMemoryCollection([new($"{AuditOptions.SectionName}:JournalDirectory", _journal)]);
        app.Services.AddSingleton<IAuditSecrets>(new OneSecret());
        app.Services.AddSingleton(new SecretClient(new Uri("https://localhost:1"), new GuardServices.NoCredential()));
        app.Services.AddSingleton(new TableServiceClient(_azurite.ConnectionString));
        app.Services.AddAudit(app.Configuration);
        app.Services.AddSingleton<AuditMiddleware>();
        _host = app.Build();
    }

    public async Task DisposeAsync()
    {
        _host.Dispose();
        await _azurite.DisposeAsync();
        if (Directory.Exists(_journal))
        {
            Directory.Delete(_journal, recursive: true);
        }
    }

    [Fact]
    public async Task Every_end_of_a_request_has_one_record()
    {
        await _host.StartAsync();

        await SendAsync(state => state.Answer(200));
        await SendAsync(state => state.Refuse(new Refusal(RefusalCode.QuotaExceeded)));
        await Should.ThrowAsync<InvalidDataException>(() => SendAsync(_ => throw new InvalidDataException("caller's text")));
        await Should.ThrowAsync<OperationCanceledException>(() => SendAsync(
            _ => throw new OperationCanceledException(), http => http.RequestAborted = new CancellationToken(canceled: true)));
        await _host.StopAsync();

        var records = await ReadAsync();
        records.Select(r => (r.Text("outcome"), r.Text("status") ?? "0")).ShouldBe(
            [("served", "200"), ("QuotaExceeded", "429"), ("InternalError", "500"), ("abandoned", "0")]);
        records.ShouldAllBe(r => r.Principal == "app:caller" && r.Text("action") == "ModelInfer" && r.Text("network") == "203.0.113.0/24");
    }

    [Fact]
    public async Task What_an_exception_is_recorded_as_is_what_it_is_answered_as()
    {
        await _host.StartAsync();
        var stopped = new CancellationToken(canceled: true);

        await Should.ThrowAsync<InvalidDataException>(() => SendAsync(state => Late(state, new InvalidDataException())));
        await Should.ThrowAsync<OperationCanceledException>(() => SendAsync(state => Late(state, new OperationCanceledException())));
        await Should.ThrowAsync<InvalidDataException>(() => SendAsync(_ => throw new InvalidDataException(), stopped: stopped));
        await Should.ThrowAsync<OperationCanceledException>(() => SendAsync(_ => throw new OperationCanceledException(), stopped: stopped));
        await Should.ThrowAsync<InvalidDataException>(() => SendAsync(
            _ => throw new InvalidDataException(), http => http.RequestAborted = new CancellationToken(canceled: true)));
        await Should.ThrowAsync<InvalidDataException>(() => SendAsync(state =>
        {
            state.Refuse(new Refusal(RefusalCode.InputInvalid));
            throw new InvalidDataException();
        }));
        await _host.StopAsync();

        (await ReadAsync()).Select(r => (r.Text("outcome"), r.Text("status"))).ShouldBe(
            [
                ("InternalError", "500"), ("DeadlineExceeded", "504"), ("InternalError", "500"), ("Overloaded", "503"), ("InternalError", "500"),
                ("InputInvalid", "422"),
            ]);

        static void Late(RequestState state, Exception exception)
        {
            state.LimitTime(TimeSpan.Zero);
            throw exception;
        }
    }

    [Fact]
    public async Task What_never_reached_identity_has_no_record()
    {
        await _host.StartAsync();

        await SendAsync(state => state.Answer(200), function: nameof(HealthFunctions.HealthLive));
        await SendAsync(state => state.Refuse(new Refusal(RefusalCode.MediaType)), passed: Stages.None);
        await SendAsync(state => state.Refuse(new Refusal(RefusalCode.RoleMissing)), isProbe: true);
        await _host.StopAsync();

        (await ReadAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(nameof(InferFunctions.ModelInfer))]
    [InlineData(nameof(KeyFunctions.Keys))]
    [InlineData(nameof(UsageFunctions.ManagePlan))]
    public async Task A_request_that_cannot_be_recorded_does_not_begin(string function)
    {
        // Never started: the trail has no secret.
        var hasBegun = false;
        var state = await SendAsync(_ => hasBegun = true, function: function);

        hasBegun.ShouldBeFalse();
        state.Refusal!.Code.ShouldBe(RefusalCode.DependencyUnavailable);
        state.Status.ShouldBe(503);
    }

    [Fact]
    public async Task A_request_whose_record_is_refused_at_its_end_is_not_answered()
    {
        await _host.StartAsync();

        var state = await SendAsync(s =>
        {
            _host.StopAsync().GetAwaiter().GetResult();
            s.Answer(200);
        });

        state.Refusal!.Code.ShouldBe(RefusalCode.DependencyUnavailable);
    }

    [Fact]
    public async Task A_request_that_ends_while_the_host_stops_is_recorded()
    {
        RequestState? state = null;
        _whileStopping = async () => state = await SendAsync(s => s.Answer(200));
        await _host.StartAsync();

        await _host.StopAsync();

        state!.Refusal.ShouldBeNull();
        (await ReadAsync()).ShouldHaveSingleItem().Text("outcome").ShouldBe("served");
    }

    [Fact]
    public async Task A_refusal_that_cannot_be_recorded_stays_the_refusal_it_was()
    {
        await _host.StartAsync();

        var state = await SendAsync(s =>
        {
            _host.StopAsync().GetAwaiter().GetResult();
            s.Refuse(new Refusal(RefusalCode.RoleMissing));
        });

        state.Refusal!.Code.ShouldBe(RefusalCode.RoleMissing);
    }

    [Fact]
    public async Task What_strangers_may_ask_for_and_the_apps_own_probes_need_no_trail()
    {
        (await SendAsync(state => state.Answer(200), function: nameof(HealthFunctions.HealthLive))).Refusal.ShouldBeNull();
        (await SendAsync(state => state.Answer(200), isProbe: true)).Refusal.ShouldBeNull();
    }

    private async Task<RequestState> SendAsync(
        Action<RequestState> end, Action<HttpContext>? shape = null, string function = nameof(InferFunctions.ModelInfer), Stages passed = Stages.Transport,
        bool isProbe = false, CancellationToken stopped = default)
    {
        FunctionContext invocation = isProbe ? new SelfCheckInvocation(SelfCheckProbe.All[0], _host.Services, default) : new BareInvocation(stopped);
        var http = new DefaultHttpContext();
        shape?.Invoke(http);
        using var state = new RequestState(http, invocation, Endpoints.Of(function), TimeProvider.System)
        {
            Principal = GuardServices.Caller(),
            ClientAddress = IPAddress.Parse("203.0.113.9"),
            Passed = passed,
        };
        invocation.Hold(state);
        FunctionExecutionDelegate next = _ =>
        {
            end(state);
            return Task.CompletedTask;
        };
        await _host.Services.GetRequiredService<AuditMiddleware>().Invoke(invocation, next);
        return state;
    }

    private async Task<List<AuditEntry>> ReadAsync()
    {
        var archive = new AuditArchive(new TableClient(_azurite.ConnectionString, "audit"), new OneSecret(), TimeProvider.System);
        return await archive.ReadAsync(new AuditQuery(), null, default).ToListAsync();
    }

    private sealed class OneSecret : IAuditSecrets
    {
        public ValueTask<AuditSecret> GetAsync(string? version, CancellationToken cancellationToken) => new(new AuditSecret("v1", new byte[32]));
    }
}
