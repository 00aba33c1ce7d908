using FuncAiSecure.LocalHost.Discovery;
using FuncAiSecure.LocalHost.Http;
using FuncAiSecure.LocalHost.Invocation;
using FuncAiSecure.LocalHost.Routing;
using FuncAiSecure.LocalHost.Settings;
using FuncAiSecure.LocalHost.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.LocalHost;

/// <summary>Puts a host together: defaults of the official worker, then the app's composition, then the functions.</summary>
internal static class LocalHostComposition
{
    /// <summary>Builds a host that does not listen yet.</summary>
    public static LocalFunctionsHost Build(
        LocalHostOptions options,
        HostJson host,
        Action<IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder> configure,
        IEnumerable<Type> classes)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "FuncAiSecure.LocalHost",
            ContentRootPath = Directory.GetCurrentDirectory(),
            // Core Tools force it: a local run is a development run.
            EnvironmentName = Environments.Development,
        });
        AddConfiguration(builder.Configuration, options);
        AddDefaults(builder, options);

        var functions = FunctionDiscovery.Find(classes, builder.Configuration);
        if (functions.Any(f => MayReturnActionResult(f.Method.ReturnType)))
        {
            builder.Services.AddMvcCore();
        }

        var worker = new LocalWorkerBuilder(builder.Services);
        configure(builder, worker);
        return Assemble(builder, worker, host, functions);
    }

    private static LocalFunctionsHost Assemble(
        WebApplicationBuilder builder, LocalWorkerBuilder worker, HostJson host, IReadOnlyList<LocalFunction> functions)
    {
        var pipeline = worker.Build();
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<TimerLoop>(
            services, pipeline, (IReadOnlyList<TimerFunction>)[.. functions.OfType<TimerFunction>()]));
        builder.Services.AddHostedService(services => services.GetRequiredService<TimerLoop>());

        var app = builder.Build();
        var throttle = new RequestThrottle(host);
        var routes = RouteTable.Build(functions.OfType<HttpFunction>(), host.RoutePrefix, app.Services);
        var handler = new RequestHandler(
            routes,
            pipeline,
            throttle,
            !bool.TryParse(app.Configuration["AzureWebJobsDisableHomepage"], out var isDisabled) || !isDisabled,
            app.Lifetime,
            app.Services.GetRequiredService<ILogger<RequestHandler>>());
        if (TrustsOtherHeaders(app.Services.GetRequiredService<IOptions<ForwardedHeadersOptions>>().Value))
        {
            app.Use(next => http =>
            {
                HostHeaders.RemoveForwarding(http);
                return next(http);
            });
            app.UseForwardedHeaders();
        }

        app.Run(handler.HandleAsync);
        return new LocalFunctionsHost(app, throttle, routes, app.Services.GetRequiredService<TimerLoop>(), functions);
    }

    private static void AddConfiguration(ConfigurationManager configuration, LocalHostOptions options)
    {
        if (options.ReadsEnvironment)
        {
            configuration.AddJsonFile("appsettings.json", optional: true, reloadOnChange: false);
            configuration.AddEnvironmentVariables();
        }

        configuration.AddInMemoryCollection(options.Settings);
    }

    private static void AddDefaults(WebApplicationBuilder builder, LocalHostOptions options)
    {
        builder.WebHost.UseKestrelCore();
        builder.Host.UseDefaultServiceProvider(provider => (provider.ValidateScopes, provider.ValidateOnBuild) = (true, true));
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded => forwarded.ForwardedHeaders = ForwardedHeaders.All);
        builder.Services.Configure<HostOptions>(hosting => hosting.ShutdownTimeout = options.DrainTimeout);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddLogging();
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // The program says itself where it listens.
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        // With it on, the server would make an Activity a request; functions of the official worker see none.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        if (!options.StopsOnSignals)
        {
            builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, OwnedLifetime>());
        }
        else
        {
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
            // Its errors end the program, which says why in a sentence.
            builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
            builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        }
    }

    /// <summary>The worker believes one hop of the usual headers, which the host always rewrites: only other names change anything.</summary>
    private static bool TrustsOtherHeaders(ForwardedHeadersOptions options)
    {
        var usual = new ForwardedHeadersOptions();
        return options.ForwardedForHeaderName != usual.ForwardedForHeaderName
            || options.ForwardedProtoHeaderName != usual.ForwardedProtoHeaderName
            || options.ForwardedHostHeaderName != usual.ForwardedHostHeaderName;
    }

    private static bool MayReturnActionResult(Type type)
    {
        var result = type.IsGenericType ? type.GetGenericArguments()[0] : type;
        return result == typeof(object) || typeof(IActionResult).IsAssignableFrom(result);
    }

    /// <summary>For a host that its owner stops: no signal handlers.</summary>
    private sealed class OwnedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
