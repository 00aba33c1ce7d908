using FuncAiSecure.Core.Quotas;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Tests;

public sealed class SettingsBindingTests
{
    private const string Policy = "FuncAiSecure:Quotas:Plans:small:Policies:minute:";

    [Fact]
    public void What_is_understood_is_bound()
    {
        var options = Bind(Settings((Policy + "Window", "Minute"), (Policy + "Amount", "5")));

        options.Plans["small"].Policies["minute"].Amount.ShouldBe(5);
        options.TableName.ShouldBe("FuncAiSecureQuotas");
    }

    [Theory]
    [InlineData(Policy + "Window", "00:01:00", Policy + "Window: the value is not one of Burst, Concurrent, Minute, Hour, Day, Month.")]
    [InlineData(Policy + "Amount", "many", Policy + "Amount: the value is not a whole number.")]
    [InlineData(Policy + "Amuont", "5", "FuncAiSecure:Quotas: there is no setting 'Amuont'.")]
    [InlineData("FuncAiSecure:Quotas:Plans:small:Policys:minute:Amount", "5", "FuncAiSecure:Quotas: there is no setting 'Policys'.")]
    [InlineData("FuncAiSecure:Quotas:DefautlPlan", "small", "FuncAiSecure:Quotas: there is no setting 'DefautlPlan'.")]
    [InlineData("FuncAiSecure:Quotas:KeepWindows", "48:00:00", "FuncAiSecure:Quotas:KeepWindows: the value is not a time such as 00:01:30 or 1.00:00:00.")]
    [InlineData("FuncAiSecure:Quotas:KeepWindows", "30", "FuncAiSecure:Quotas:KeepWindows: the value is not a time such as 00:01:30 or 1.00:00:00.")]
    [InlineData("FuncAiSecure:Quotas:KeepWindows", " 30 ", "FuncAiSecure:Quotas:KeepWindows: the value is not a time such as 00:01:30 or 1.00:00:00.")]
    [InlineData("FuncAiSecure:Quotas:keepwindows", "30", "FuncAiSecure:Quotas:keepwindows: the value is not a time such as 00:01:30 or 1.00:00:00.")]
    [InlineData("FuncAiSecure:Quotas:KeepWindows", "2:00:00:00", "FuncAiSecure:Quotas:KeepWindows: the value is not a time such as 00:01:30 or 1.00:00:00.")]
    [InlineData("FuncAiSecure:Quotas:LeaseDuration", "soon", "FuncAiSecure:Quotas:LeaseDuration: the value is not a time such as 00:01:30 or 1.00:00:00.")]
    public void A_setting_that_is_not_understood_is_refused_by_name_and_drops_nothing_silently(string name, string value, string said)
    {
        var settings = Settings((Policy + "Window", "Minute"), (Policy + "Amount", "5"), (name, value));

        var bound = Should.Throw<SettingsException>(() => Bind(settings));
        var read = Should.Throw<SettingsException>(() => settings.ReadSettings<QuotaOptions>(QuotaOptions.SectionName));

        bound.Message.ShouldBe(said);
        read.Message.ShouldBe(said);
    }

    [Theory]
    [InlineData("LeaseDuration")]
    [InlineData("Plans:small:Policies:minute:Amount")]
    public void A_value_put_into_the_wrong_setting_is_not_repeated(string name)
    {
        var settings = Settings(("FuncAiSecure:Quotas:" + name, "fais_a-key' at 'the wrong place' to type 'of'.\nsetting"));

        var thrown = Should.Throw<SettingsException>(() => Bind(settings));

        thrown.Message.ShouldStartWith("FuncAiSecure:Quotas:" + name + ": ");
        thrown.ToString().ShouldNotContain("fais_a-key");
        thrown.ToString().ShouldNotContain("wrong place");
    }

    [Theory]
    [InlineData("Wait")]
    [InlineData("Optional")]
    [InlineData("List:0:Wait")]
    [InlineData("Array:0:Wait")]
    [InlineData("Map:any:Wait")]
    public void A_number_alone_is_no_time_wherever_the_time_stands_and_stays_one_elsewhere(string name)
    {
        Settings(("Section:Number", "30"), ("Section:Text", "48:00:00"), ("Section:" + name, "00:00:30")).ReadSettings<Times>("Section").Number.ShouldBe(30);

        Should.Throw<SettingsException>(() => Settings(("Section:" + name, "30")).ReadSettings<Times>("Section"))
            .Message.ShouldBe($"Section:{name}: the value is not a time such as 00:01:30 or 1.00:00:00.");
    }

    [Fact]
    public void Without_the_section_the_defaults_hold() =>
        Settings().ReadSettings<QuotaOptions>(QuotaOptions.SectionName).DefaultPlan.ShouldBe("standard");

    [Theory]
    [InlineData("FuncAiSecure:Gatewya:Principals:0", "Gatewya")]
    [InlineData("FuncAiSecure:Quota", "Quota")]
    [InlineData("FuncAiSecure:QuotasDefaultPlan", "QuotasDefaultPlan")]
    public void A_section_that_nothing_reads_is_refused_by_its_name(string name, string section)
    {
        var settings = Settings((QuotaOptions.SectionName + ":DefaultPlan", "small"), (name, "fais_a-key"));

        var thrown = Should.Throw<SettingsException>(() => settings.RefuseUnknownSections(QuotaOptions.SectionName, "FuncAiSecure:Gateway"));

        thrown.Message.ShouldBe($"FuncAiSecure: there is no section '{section}'.");
    }

    [Fact]
    public void Sections_that_are_read_in_whatever_case_and_what_is_not_ours_stay() =>
        Should.NotThrow(() => Settings(("FUNCAISECURE:QUOTAS:DefaultPlan", "small"), ("AzureWebJobsStorage:accountName", "x"))
            .RefuseUnknownSections(QuotaOptions.SectionName));

    private static IConfiguration Settings(params (string Name, string Value)[] values) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.GroupBy(value => value.Name).ToDictionary(group => group.Key, string? (group) => group.Last().Value))
            .Build();

    private static QuotaOptions Bind(IConfiguration configuration)
    {
        var services = new ServiceCollection();
        services.AddOptions<QuotaOptions>().BindSettings(configuration, QuotaOptions.SectionName);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<QuotaOptions>>().Value;
    }

    private sealed class Times
    {
        public TimeSpan Wait { get; set; }

        public TimeSpan? Optional { get; set; }

        public int Number { get; set; }

        public string? Text { get; set; }

        public IList<Times> List { get; } = [];

        public Times[] Array { get; set; } = [];

        public IDictionary<string, Times> Map { get; } = new Dictionary<string, Times>(StringComparer.Ordinal);
    }
}
