using System.Diagnostics.Metrics;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Inference;

/// <summary>Registers the inference engine.</summary>
public static class InferenceServiceCollectionExtensions
{
    /// <summary>Adds the model runtime, on ONNX Runtime with telemetry off, and its options.</summary>
    public static IServiceCollection AddInference(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptionsWithValidateOnStart<InferenceOptions, InferenceOptionsValidator>()
            .BindSettings(configuration, InferenceOptions.SectionName);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITextEncoderFactory, TokenizerEncoderFactory>();
        services.AddSingleton(provider => new OnnxModelRuntime(
            provider.GetRequiredService<IOptions<InferenceOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ITextEncoderFactory>(),
            provider.GetService<IMeterFactory>()));
        services.AddSingleton<IModelRuntime>(provider => provider.GetRequiredService<OnnxModelRuntime>());
        return services;
    }
}
