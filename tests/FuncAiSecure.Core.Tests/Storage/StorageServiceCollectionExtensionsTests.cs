using Azure.Data.Tables;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Configuration;

namespace FuncAiSecure.Core.Tests.Storage;

public sealed class StorageServiceCollectionExtensionsTests
{
    [Theory]
    [InlineData("AzureWebJobsStorage", "UseDevelopmentStorage=true", "http://127.0.0.1:10002/devstoreaccount1")]
    [InlineData("AzureWebJobsStorage:accountName", "acc", "https://acc.table.core.windows.net/")]
    [InlineData("AzureWebJobsStorage:tableServiceUri", "https://acc.table.example.org", "https://acc.table.example.org/")]
    public void The_setting_of_the_host_names_the_account(string name, string value, string expected) =>
        Create(name, value).Uri.AbsoluteUri.TrimEnd('/').ShouldBe(expected.TrimEnd('/'));

    [Theory]
    [InlineData("nothing", "AzureWebJobsStorage", "")]
    [InlineData("a text that is no connection string", "AzureWebJobsStorage", "canary-secret")]
    [InlineData("a connection string without an account", "AzureWebJobsStorage", "AccountKey=canary-secret")]
    [InlineData("an address without TLS", "AzureWebJobsStorage:tableServiceUri", "http://acc.table.example.org")]
    [InlineData("an address that is none", "AzureWebJobsStorage:tableServiceUri", "canary-secret")]
    public void Any_other_setting_is_refused_without_repeating_it(string what, string name, string value)
    {
        var refused = Should.Throw<SettingsException>(() => Create(name, value), what);

        refused.ToString().ShouldNotContain("canary");
    }

    [Fact]
    public void Page_that_the_service_works_on_for_all_of_its_five_seconds_is_waited_for_and_no_call_for_long()
    {
        var retry = StorageServiceCollectionExtensions.ClientOptions().Retry;

        retry.NetworkTimeout.ShouldBeGreaterThan(TimeSpan.FromSeconds(5));
        ((retry.MaxRetries + 1) * retry.NetworkTimeout).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    private static TableServiceClient Create(string name, string value) => StorageServiceCollectionExtensions.CreateClient(
        new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build());
}
