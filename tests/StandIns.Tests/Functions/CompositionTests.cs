using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace StandIns.Tests.Functions;

/// <summary>The shape of a Program.cs and of a middleware, as the official packages take them.</summary>
public class CompositionTests
{
    [Fact]
    public void Application_builder_is_both_a_host_builder_and_a_worker_builder()
    {
        var builder = FunctionsApplication.CreateBuilder([]);

        builder.ConfigureFunctionsWebApplication().ShouldBeSameAs(builder);
        builder.UseMiddleware<Stage>().ShouldBeSameAs(builder);
        builder.UseWhen<Stage>(_ => true).UseMiddleware((_, next) => next()).UseWhen(_ => false, (_, next) => next());
        ((IHostApplicationBuilder)builder).Services.ShouldBeSameAs(((IFunctionsWorkerApplicationBuilder)builder).Services);
    }

    [Fact]
    public void Middleware_by_type_is_one_instance_for_the_process()
    {
        var builder = FunctionsApplication.CreateBuilder([]);

        builder.UseMiddleware<Stage>();

        builder.Services.Single(d => d.ServiceType == typeof(Stage)).Lifetime.ShouldBe(ServiceLifetime.Singleton);
    }

    [Fact]
    public void Second_build_is_refused()
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        using var host = builder.Build();

        Should.Throw<InvalidOperationException>(builder.Build);
        Should.Throw<InvalidOperationException>(() => builder.Use(next => next));
    }

    [Fact]
    public void Http_trigger_without_methods_and_level_is_Function() =>
        new HttpTriggerAttribute().AuthLevel.ShouldBe(AuthorizationLevel.Function);

    [Fact]
    public void Http_trigger_with_methods_only_reads_as_Anonymous_as_the_official_one_does() =>
        new HttpTriggerAttribute("get").AuthLevel.ShouldBe(AuthorizationLevel.Anonymous);

    [Fact]
    public void Timer_is_monitored_and_does_not_run_at_start_by_default()
    {
        var timer = new TimerTriggerAttribute("0 * * * * *");

        timer.UseMonitor.ShouldBeTrue();
        timer.RunOnStartup.ShouldBeFalse();
    }

    [Theory]
    [InlineData(typeof(int), false)]
    [InlineData(typeof(int?), true)]
    [InlineData(typeof(string), true)]
    public void Parameter_knows_whether_null_is_a_value(Type type, bool expected) =>
        new FunctionParameter("p", type).IsReferenceOrNullableType.ShouldBe(expected);

    // Not called: it must compile against either kind of package.
    private static bool HasHttp(FunctionContext context) => context.GetHttpContext() is { Request: HttpRequest };

    private sealed class Stage : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
            HasHttp(context) ? next(context) : Task.CompletedTask;
    }
}
