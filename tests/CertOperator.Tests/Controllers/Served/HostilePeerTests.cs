using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Api;
using CertOperator.Network;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.Served;

/// <summary>Addresses that lead astray, and peers that mean no good.</summary>
public sealed class HostilePeerTests
{
    private static readonly TimeSpan Grace = new ServedOptions().Grace;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("169.254.169.254")]
    [InlineData("2130706433")] // 127.0.0.1
    [InlineData(ServedWorld.Name)]
    public async Task Where_the_operator_must_not_connect_it_does_not(string address)
    {
        await using ServedWorld world = await ServedWorld.StartAsync(options => options with { AllowLoopback = false });
        world.Addresses = ["10.9.9.9", "127.0.0.1"];
        await world.AddAsync("web", address);
        await world.TakeUpAsync("web");
        await world.PassAsync(Grace + TimeSpan.FromMinutes(1));
        Assert.Equal(ServedReasons.AddressNotAllowed, await world.ReasonAsync("web"));
        Assert.Empty(world.Server.Asked);
        Assert.DoesNotContain(world.LookedUp, name => name != ServedWorld.Name + ".");
        Assert.DoesNotContain("ServedMismatch", world.World.AuditCodes("web"));
    }

    [Fact]
    public async Task A_name_without_an_address_and_a_port_that_is_closed_are_not_reachable()
    {
        int closed;
        await using (var gone = new SniServer(TimeProvider.System))
            closed = gone.Port;
        await using ServedWorld world = await ServedWorld.StartAsync(options => options with { Port = closed });
        await world.AddAsync("web");
        await world.AddAsync("nowhere", "nowhere.example.net");
        await world.PassAsync(Grace + TimeSpan.FromMinutes(1));
        Condition web = (await world.ServedAsync("web"))!, nowhere = (await world.ServedAsync("nowhere"))!;
        Assert.Equal((ConditionTypes.Unknown, ServedReasons.NotReachable), (web.Status, web.Reason));
        Assert.Contains($"127.0.0.1, the address of Ingress web, refuses connections to port {closed}", web.Message, StringComparison.Ordinal);
        Assert.Equal(ServedReasons.NotReachable, nowhere.Reason);
        Assert.Contains("nowhere.example.net, the address of Ingress nowhere, does not resolve", nowhere.Message, StringComparison.Ordinal);
        Assert.Single(world.World.EventReasons("Certificate", "web"), reason => reason == ServedReasons.NotReachable);
    }

    [Fact]
    public async Task A_peer_that_floods_or_speaks_something_else_costs_no_more_than_an_honest_one()
    {
        long sent = 0;
        using var flood = new RawServer(async (stream, cancel) =>
        {
            while (!cancel.IsCancellationRequested)
            {
                await stream.WriteAsync(new byte[4096], cancel);
                Interlocked.Add(ref sent, 4096);
            }
        });
        await using ServedWorld world = await ServedWorld.StartAsync(options => options with { Port = flood.Port });
        await world.AddAsync("web");
        await world.PassAsync(Grace + TimeSpan.FromMinutes(1));
        Assert.Equal(ServedReasons.HandshakeFailed, await world.ReasonAsync("web"));
        // What the kernel takes in for each of the handshakes, and not what a peer likes to send.
        Assert.InRange(Interlocked.Read(ref sent), 0, 200_000_000);
    }

    [Fact]
    public async Task A_peer_that_says_nothing_has_five_seconds()
    {
        using var silent = new RawServer((_, cancel) => Task.Delay(Timeout.Infinite, cancel));
        await using ServedWorld world = await ServedWorld.StartAsync(options => options with { Port = silent.Port, Grace = TimeSpan.FromSeconds(10) });
        await world.AddAsync("web");
        await world.PassAsync(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(1), () => world.Time.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(ServedReasons.NotReachable, await world.ReasonAsync("web"));
        Assert.Contains("does not answer on port", (await world.ServedAsync("web"))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_certificate_says_is_told_in_few_printable_words()
    {
        await using ServedWorld world = await ServedWorld.StartAsync(options => options with { Grace = TimeSpan.FromSeconds(5) });
        await world.AddAsync("web");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN=\"evil\u202e\u001b[2J\u0007{new string('x', 400)}\""), key, HashAlgorithmName.SHA256);
        using X509Certificate2 evil = request.CreateSelfSigned(world.Time.GetUtcNow(), world.Time.GetUtcNow().AddYears(1));
        world.Server.Serve("", evil.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        await world.PassAsync(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1));

        Condition served = (await world.ServedAsync("web"))!;
        Assert.Equal(ServedReasons.OtherCertificate, served.Reason);
        Assert.Contains("It is not for this host, so the ingress controller serves its default certificate", served.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(served.Message, letter => char.IsControl(letter) || letter is '\u202e');
        Assert.InRange(served.Message.Length, 100, 1000);
    }

    [Fact]
    public async Task A_peer_that_wants_a_certificate_of_the_operator_gets_none_and_is_seen_nevertheless()
    {
        await using ServedWorld world = await ServedWorld.StartAsync();
        world.Server.WantsClient = true;
        await world.AddAsync("web");
        await world.TakeUpAsync("web");
        await world.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(ServedReasons.Served, await world.ReasonAsync("web"));
    }

    [Theory]
    [InlineData("plain words", "plain words")]
    [InlineData("Grüße, 証明書", "Grüße, 証明書")]
    [InlineData("a\u202eb\u0007c\nd", "a?b?c?d")]
    public void Words_of_a_peer(string text, string shown) => Assert.Equal(shown, PeerText.Of(text));
}
