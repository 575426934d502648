using CertOperator.Api;
using CertOperator.Pki;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;
using CertOperator.Testing.Processes;

namespace CertOperator.Controllers;

/// <summary>The process ends, or an answer is lost, at each single write of an issuance.</summary>
public class CrashTests
{
    private static readonly string[] OfCertificate = ["apply secrets", "apply certificates/status", "create events"];
    private static readonly string[] OfIngress = ["apply certificates", .. OfCertificate];

    /// <summary>Every write of both ways, and every cut.</summary>
    public static TheoryData<string, int, Cut> Cuts()
    {
        var cuts = new TheoryData<string, int, Cut>();
        foreach (var (source, writes) in new[] { ("Certificate", OfCertificate), ("Ingress", OfIngress) })
        {
            for (int write = 1; write <= writes.Length; write++)
            {
                foreach (Cut cut in Enum.GetValues<Cut>())
                    cuts.Add(source, write, cut);
            }
        }

        return cuts;
    }

    [Fact]
    public async Task The_writes_that_are_cut_are_all_that_an_issuance_makes()
    {
        Assert.Equal(OfCertificate, await WritesAsync("Certificate"));
        Assert.Equal(OfIngress, await WritesAsync("Ingress"));
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_cut_at_any_write_ends_in_one_certificate(string source, int write, Cut cut)
    {
        await using World world = await StoppedWorldAsync();
        var line = new CutClient(world.Client, write, cut);
        world.OperatorClient = line;
        world.Apply(Manifest(source));
        await world.StartAsync();
        await line.Happened.WaitAsync(TimeSpan.FromSeconds(60));
        if (cut is not Cut.AnswerOnly)
        {
            await world.StopAsync();
            world.OperatorClient = null;
        }

        Secret? atTheCut = await world.FindSecretAsync("web");
        await world.StartAsync();
        await Eventually.HoldsAsync("the Certificate is ready", () => IsReadyAsync(world));
        await world.SettleAsync();

        Secret secret = await world.SecretAsync("web");
        await AssertVerifiesAsync(world, secret);
        if (atTheCut is not null)
            Assert.Equal(Leaf(atTheCut).SerialNumber, Leaf(secret).SerialNumber);
        CertificateStatus status = (await world.CertificateAsync("web")).Status!;
        Assert.Equal((1, Leaf(secret).SerialNumber), (status.Revision, status.SerialNumber));
        Assert.Equal("Issued", Assert.Single(status.Attempts!).Outcome);
        Assert.Equal(["root", "web"], Names(world, Certificate.Type));
        Assert.Equal(["root", "web"], Names(world, Secret.Type));
    }

    private static async Task<IReadOnlyList<string>> WritesAsync(string source)
    {
        await using World world = await StoppedWorldAsync();
        var line = new CutClient(world.Client, 0, Cut.AnswerOnly);
        world.OperatorClient = line;
        world.Apply(Manifest(source));
        await world.SettleAsync();
        return line.Writes;
    }

    /// <summary>A CA that is ready, a class that is served, and no operator.</summary>
    private static async Task<World> StoppedWorldAsync()
    {
        World world = await World.WithCaAsync();
        world.Apply("""
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: nginx, annotations: {ingressclass.kubernetes.io/is-default-class: "true"}}
            spec: {controller: k8s.io/ingress-nginx}
            """);
        await world.SettleAsync();
        await world.StopAsync();
        return world;
    }

    private static string Manifest(string source)
        => source == "Ingress" ? Samples.Ingress("shop", "{hosts: [web.example.com], secretName: web}") : Samples.Certificate("web");

    private static async Task<bool> IsReadyAsync(World world)
        => Conditions.IsTrue((await world.FindCertificateAsync("web"))?.Status?.Conditions, ConditionTypes.Ready);

    private static async Task AssertVerifiesAsync(World world, Secret secret)
    {
        IssuedCertificate root = Leaf(await world.SecretAsync("root"));
        using PrivateKey key = PrivateKey.ReadPem(secret.Data![SecretEntries.PrivateKey]);
        Assert.True(Leaf(secret).IsSignedBy(root));
        Assert.Equal(key.PublicKeyInfo.ToArray(), Leaf(secret).PublicKeyInfo.ToArray());
        Assert.Equal(["web.example.com"], Leaf(secret).Names.DnsNames);
        Assert.Null(new SecretReader().Read(secret).Problem);
    }

    private static IssuedCertificate Leaf(Secret secret) => Pem.ReadCertificates(secret.Data![SecretEntries.Certificate])[0];

    private static IEnumerable<string> Names(World world, ResourceType type)
        => world.Cluster.List(type, "shop").Select(item => (string)item["metadata"]!["name"]!).Order(StringComparer.Ordinal);
}
