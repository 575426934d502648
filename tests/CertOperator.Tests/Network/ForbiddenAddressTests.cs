using System.Net;

namespace CertOperator.Network;

public class ForbiddenAddressTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.8.8")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")] // 127.0.0.1 by NAT64
    [InlineData("2002:7f00:1::1")] // 127.0.0.1 by 6to4
    [InlineData("169.254.169.254")]
    [InlineData("169.254.1.1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:a9fe:a9fe::")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd20:ce::254")]
    [InlineData("168.63.129.16")]
    [InlineData("100.100.100.200")]
    [InlineData("192.0.0.192")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("::")]
    [InlineData("224.0.0.1")]
    [InlineData("ff02::1")]
    [InlineData("255.255.255.255")]
    public void These_are_connected_to_for_nobody(string address) => Assert.True(ForbiddenAddress.Is(IPAddress.Parse(address), allowLoopback: false));

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("203.0.113.10")]
    [InlineData("8.8.8.8")]
    [InlineData("fd00::1")]
    [InlineData("2001:db8::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    public void An_ingress_controller_may_have_any_of_these(string address) => Assert.False(ForbiddenAddress.Is(IPAddress.Parse(address), allowLoopback: false));

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("169.254.169.254", true)]
    public void Loopback_alone_can_be_let_in(string address, bool isForbidden) => Assert.Equal(isForbidden, ForbiddenAddress.Is(IPAddress.Parse(address), allowLoopback: true));
}
