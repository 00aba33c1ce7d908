using System.Net;
using System.Net.Sockets;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using FuncAiSecure.TestSupport;

namespace StandIns.Tests.Tables;

[Collection(TableServiceTests.Name)]
public class ConnectionTests(TableServiceFixture fixture)
{
    private static readonly string WrongKey = Convert.ToBase64String(new byte[64]);

    [Fact]
    public async Task Shared_key_opens_the_service_and_names_its_account()
    {
        var credential = new TableSharedKeyCredential(AzuriteFixture.AccountName, AzuriteFixture.AccountKey);
        var service = new TableServiceClient(fixture.Azurite.Endpoint, credential, TableServiceFixture.Impatient());

        var tables = service.QueryAsync(maxPerPage: 1);

        await foreach (var _ in tables)
        {
            break;
        }

        service.AccountName.ShouldBe(AzuriteFixture.AccountName);
        service.GetTableClient("abc").Uri.AbsoluteUri.ShouldBe($"{fixture.Azurite.Endpoint}/abc");
    }

    [Fact]
    public async Task A_wrong_key_is_403()
    {
        var credential = new TableSharedKeyCredential(AzuriteFixture.AccountName, WrongKey);
        var table = new TableClient(fixture.Azurite.Endpoint, "anything", credential, TableServiceFixture.Impatient());

        var failure = await Should.ThrowAsync<RequestFailedException>(() => table.GetEntityIfExistsAsync<TableEntity>("p", "r"));

        failure.Status.ShouldBe(403);
        failure.ErrorCode.ShouldNotBeNullOrEmpty();
        failure.ToString().ShouldNotContain(WrongKey);
    }

    [Fact]
    public async Task A_replaced_key_counts_from_the_next_request()
    {
        var credential = new TableSharedKeyCredential(AzuriteFixture.AccountName, WrongKey);
        var table = new TableClient(fixture.Azurite.Endpoint, "replaced", credential, TableServiceFixture.Impatient());
        (await Should.ThrowAsync<RequestFailedException>(() => table.CreateAsync())).Status.ShouldBe(403);

        credential.SetAccountKey(AzuriteFixture.AccountKey);

        (await table.CreateAsync()).Value.Name.ShouldBe("replaced");
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10002/devstoreaccount1", "devstoreaccount1")]
    [InlineData("usedevelopmentstorage=TRUE;DevelopmentStorageProxyUri=http://10.1.2.3", "http://10.1.2.3:10002/devstoreaccount1", "devstoreaccount1")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=abc;AccountKey=AA==;EndpointSuffix=core.windows.net", "https://abc.table.core.windows.net/", "abc")]
    [InlineData("AccountName=abc;AccountKey=AA==;EndpointSuffix=core.windows.net;", "https://abc.table.core.windows.net/", "abc")]
    [InlineData("ACCOUNTNAME=abc; accountkey=AA==; TableEndpoint=http://127.0.0.1:21002/abc", "http://127.0.0.1:21002/abc", "abc")]
    [InlineData("TableEndpoint=https://abc.table.core.windows.net/;SharedAccessSignature=sv=2020&sig=x=", "https://abc.table.core.windows.net/", "abc")]
    public void Connection_string_gives_endpoint_and_account(string text, string endpoint, string account)
    {
        var service = new TableServiceClient(text);

        service.Uri.AbsoluteUri.ShouldBe(endpoint);
        service.AccountName.ShouldBe(account);
    }

    [Theory]
    [InlineData("AccountName=abc")]
    [InlineData("AccountName=abc;AccountKey=AA==")]
    [InlineData("AccountKey=AA==;EndpointSuffix=core.windows.net")]
    [InlineData("TableEndpoint=https://abc.table.core.windows.net/")]
    public void Connection_string_without_what_is_needed_is_refused(string text) =>
        Should.Throw<InvalidOperationException>(() => new TableServiceClient(text)).Message.ShouldStartWith("No valid combination");

    [Theory]
    [InlineData("nonsense")]
    [InlineData("AccountName=a;accountname=b")]
    [InlineData("=x")]
    public void Connection_string_that_is_none_is_refused_without_being_repeated(string text) =>
        Should.Throw<FormatException>(() => new TableServiceClient(text)).Message.ShouldNotContain("nonsense");

    [Theory]
    [InlineData("https://abc.table.core.windows.net/orders?sv=1&sig=s", "abc", "orders")]
    [InlineData("http://127.0.0.1:10002/devstoreaccount1/orders?sv=1&sig=s", "devstoreaccount1", "orders")]
    public void Table_uri_with_signature_names_account_and_table(string uri, string account, string name)
    {
        var table = new TableClient(new Uri(uri));

        table.AccountName.ShouldBe(account);
        table.Name.ShouldBe(name);
        table.Uri.Query.ShouldBeEmpty();
    }

    [Fact]
    public async Task Token_is_never_sent_without_transport_security()
    {
        var table = new TableClient(fixture.Azurite.Endpoint, "anything", new FixedToken(), TableServiceFixture.Impatient());

        await Should.ThrowAsync<InvalidOperationException>(() => table.GetEntityIfExistsAsync<TableEntity>("p", "r"));
    }

    [Fact]
    public async Task Cancelled_token_ends_the_call()
    {
        var table = await fixture.NewTableAsync();
        var cancelled = new CancellationToken(canceled: true);

        await Should.ThrowAsync<OperationCanceledException>(() => table.AddEntityAsync(new TableEntity("p", "r"), cancelled));
        await Should.ThrowAsync<OperationCanceledException>(async () => await table.QueryAsync<TableEntity>(cancellationToken: cancelled).AsPages().GetAsyncEnumerator().MoveNextAsync());

        (await table.GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue.ShouldBeFalse();
    }

    [Fact]
    public async Task Nobody_at_the_port_is_a_failed_request_without_status()
    {
        var table = new TableClient(
            $"AccountName=a;AccountKey=AA==;TableEndpoint=http://127.0.0.1:{LoopbackPort.Free()}/a", "anything", TableServiceFixture.Impatient());

        (await Should.ThrowAsync<RequestFailedException>(() => table.CreateAsync())).Status.ShouldBe(0);
    }

    private sealed class FixedToken : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new("token", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
