using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.IntegrationTests.Chain;

/// <summary>The app leaves no key material outside the vault.</summary>
[Collection(ServedAppGroup.Name)]
public sealed class LeftoverTests(ServedApp app)
{
    [Fact]
    public void Data_protection_keys_stay_in_memory() =>
        app.Host.Services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlRepository.ShouldNotBeNull().GetType().Namespace.ShouldBe("FuncAiSecure.Hosting");
}
