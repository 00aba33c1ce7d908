using System.Net;
using FsCheck;
using FsCheck.Fluent;
using FuncAiSecure.Core.Identity.Network;

namespace FuncAiSecure.Core.Tests.Identity.Network;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("no header", "10.0.0.1", null, "10.0.0.1")]
    [InlineData("an untrusted peer's header", "203.0.113.9", "1.2.3.4", "203.0.113.9")]
    [InlineData("a trusted peer's header", "10.0.0.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("a spoofed first hop", "10.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9")]
    [InlineData("two trusted hops", "10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9")]
    [InlineData("only trusted hops", "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3")]
    [InlineData("a port", "10.0.0.1", "203.0.113.9:4711", "203.0.113.9")]
    [InlineData("IPv6", "10.0.0.1", "2001:db8::9", "2001:db8::9")]
    [InlineData("IPv6 in brackets", "10.0.0.1", "[2001:db8::9]", "2001:db8::9")]
    [InlineData("IPv6 with a port", "10.0.0.1", "[2001:db8::9]:4711", "2001:db8::9")]
    [InlineData("an IPv6 proxy", "fd00::1", "203.0.113.9", "203.0.113.9")]
    [InlineData("a mapped peer", "::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("a mapped hop", "10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("an empty header", "10.0.0.1", "", "10.0.0.1")]
    [InlineData("an empty hop", "10.0.0.1", "203.0.113.9, ", "10.0.0.1")]
    [InlineData("a name", "10.0.0.1", "unknown", "10.0.0.1")]
    [InlineData("a number", "10.0.0.1", "1", "10.0.0.1")]
    [InlineData("a hex address", "10.0.0.1", "0x7f.1", "10.0.0.1")]
    [InlineData("an unclosed bracket", "10.0.0.1", "[2001:db8::9", "10.0.0.1")]
    [InlineData("garbage behind the bracket", "10.0.0.1", "[2001:db8::9]x", "10.0.0.1")]
    [InlineData("garbage before a good hop", "10.0.0.1", "nonsense, 203.0.113.9", "203.0.113.9")]
    public void Caller_is_the_last_hop_that_is_not_trusted(string what, string peer, string? header, string expected) =>
        ClientAddress.Resolve(IPAddress.Parse(peer), header, [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")])
            .ShouldBe(IPAddress.Parse(expected), what);

    [Fact]
    public void Header_of_an_untrusted_peer_never_changes_anything() =>
        Prop.ForAll<string>(header => ClientAddress.Resolve(IPAddress.Parse("203.0.113.9"), header, [IPNetwork.Parse("10.0.0.0/8")])
            .Equals(IPAddress.Parse("203.0.113.9"))).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_header_of_a_trusted_peer_is_read_without_an_exception() =>
        Prop.ForAll<string>(header => ClientAddress.Resolve(IPAddress.Parse("10.0.0.1"), header, [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")])
            is not null).QuickCheckThrowOnFailure();

    [Fact]
    public void Endless_header_is_not_followed_for_ever() =>
        ClientAddress.Resolve(IPAddress.Parse("10.0.0.1"), string.Join(',', Enumerable.Repeat("10.0.0.2", 10_000)), [IPNetwork.Parse("10.0.0.0/8")])
            .ShouldBe(IPAddress.Parse("10.0.0.2"));
}
