using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Composes an app: services, configuration, logging, and stages around invocations.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly HostApplicationBuilder _builder;
    private bool _built;

    internal FunctionsApplicationBuilder(string[] args) => _builder = Host.CreateApplicationBuilder(args);

    /// <summary>Shared state of the composition.</summary>
    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_builder).Properties;

    /// <summary>The configuration.</summary>
    public ConfigurationManager Configuration => _builder.Configuration;

    /// <summary>The environment.</summary>
    public IHostEnvironment Environment => _builder.Environment;

    /// <summary>The logging.</summary>
    public ILoggingBuilder Logging => _builder.Logging;

    /// <summary>The metrics.</summary>
    public IMetricsBuilder Metrics => _builder.Metrics;

    /// <summary>The services.</summary>
    public IServiceCollection Services => _builder.Services;

    IConfigurationManager IHostApplicationBuilder.Configuration => _builder.Configuration;

    /// <summary>The host; a second call throws.</summary>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    public IHost Build()
    {
        ThrowIfBuilt();
        _built = true;
        return new HostWithoutProtocol(_builder.Build());
    }

    /// <summary>Replaces the service container.</summary>
    public void ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => _builder.ConfigureContainer(factory, configure);

    /// <summary>Adds a stage; the first one added is the outermost.</summary>
    /// <exception cref="InvalidOperationException">The host was built before.</exception>
    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        ThrowIfBuilt();
        return this;
    }

    private void ThrowIfBuilt()
    {
        if (_built)
        {
            throw new InvalidOperationException("The app is built already.");
        }
    }
}
