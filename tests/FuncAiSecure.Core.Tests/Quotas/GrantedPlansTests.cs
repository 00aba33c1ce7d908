using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Quotas;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Tests.Quotas;

/// <summary>Plans that settings grant, or put callers on, by name: one that no plan has must stop the app at its start, not its callers later.</summary>
public sealed class GrantedPlansTests
{
    [Theory]
    [InlineData("FuncAiSecure:Tokens:Issuers:0:Grants:1:Plan", "gold")]
    [InlineData("FuncAiSecure:Tokens:Issuers:0:Grants:1:Plan", "Standard")]
    [InlineData("FuncAiSecure:Tokens:Issuers:0:Grants:0:Plan", "self-check")]
    [InlineData("FuncAiSecure:Certificates:Mappings:1:Plan", "gold")]
    [InlineData("FuncAiSecure:Certificates:Mappings:0:Plan", "")]
    [InlineData("FuncAiSecure:Behaviour:LowerPlan", "gold")]
    [InlineData("FuncAiSecure:Behaviour:LowerPlan", "self-check")]
    public void Plan_that_is_not_configured_stops_the_start_by_the_settings_name(string setting, string plan)
    {
        var faults = Should.Throw<OptionsValidationException>(() => Start(setting, plan)).Failures.ToList();

        faults.ShouldHaveSingleItem().ShouldBe($"{setting} is no configured plan.");
    }

    [Theory]
    [InlineData("FuncAiSecure:Tokens:Issuers:0:Grants:1:Plan")]
    [InlineData("FuncAiSecure:Certificates:Mappings:1:Plan")]
    [InlineData("FuncAiSecure:Behaviour:LowerPlan")]
    public void Plan_that_is_configured_starts(string setting)
    {
        Start(setting, "operator");
        Start("FuncAiSecure:Quotas:Plans:gold:Policies:day:Window", "Day", ("FuncAiSecure:Quotas:Plans:gold:Policies:day:Amount", "5"), ("FuncAiSecure:Quotas:DefaultPlan", "gold"), (setting, "gold"));
    }

    private static void Start(string setting, string value, params (string Setting, string Value)[] others)
    {
        var settings = new Dictionary<string, string?>
        {
            ["FuncAiSecure:Vault:Uri"] = "https://vault.internal",
            ["FuncAiSecure:Tokens:Issuers:0:Name"] = "corp",
            ["FuncAiSecure:Tokens:Issuers:0:Issuer"] = "https://issuer.internal",
            ["FuncAiSecure:Tokens:Issuers:0:Audiences:0"] = "api",
            ["FuncAiSecure:Tokens:Issuers:0:Grants:0:Role"] = "reader",
            ["FuncAiSecure:Tokens:Issuers:0:Grants:1:Role"] = "writer",
            ["FuncAiSecure:Certificates:Mappings:0:Subject"] = "CN=one",
            ["FuncAiSecure:Certificates:Mappings:0:Principal"] = "app:one",
            ["FuncAiSecure:Certificates:Mappings:1:Subject"] = "CN=two",
            ["FuncAiSecure:Certificates:Mappings:1:Principal"] = "app:two",
            [setting] = value,
        };
        foreach (var (name, text) in others)
        {
            settings[name] = text;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var services = new ServiceCollection().AddLogging().AddIdentity(configuration).AddFuncAiSecureQuotas(configuration).AddBehaviour(configuration).BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    }
}
