using System.Text.Json.Nodes;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Ingress;

namespace CertOperator.Acceptance;

/// <summary>kill -9 at each single write of an issuance, on the real API server.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed class CrashTests(OperatorFixture fixture)
{
    private static readonly string[] OfCertificate = ["secrets", "certificates/status", "events"];

    /// <summary>Every write of both ways, killed before it arrives, and after it is stored but not answered.</summary>
    public static TheoryData<string, string, bool> Cuts()
    {
        var cuts = new TheoryData<string, string, bool>();
        foreach (var (source, writes) in new[] { ("Certificate", OfCertificate), ("Ingress", ["certificates", .. OfCertificate]) })
        {
            foreach (string write in writes)
            {
                cuts.Add(source, write, false);
                cuts.Add(source, write, true);
            }
        }

        return cuts;
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Killed_at_any_write_and_started_again_there_is_one_certificate(string source, string write, bool stored)
    {
        OperatorInstallation installation = await fixture.GetAsync();
        string ns = await installation.Cluster.CreateNamespaceAsync("crash");
        await KillAtAsync(installation, new ApiCut(ns, write, stored), source);
        JsonNode? atTheKill = await FindSecretAsync(installation, ns);
        Assert.Equal((write, stored) is ("certificates", _) or ("secrets", false), atTheKill is null);

        await using OperatorProcess second = await installation.StartAsync();
        await installation.ReadyAsync(ns);
        await second.SettleAsync();

        JsonNode certificate = Assert.Single(await installation.ReadyAsync(ns));
        Assert.Equal(1, (int?)certificate["status"]!["revision"]);
        Assert.Equal(["web"], await OpenSslReader.VerifyAllAsync(installation.Cluster, ns));
        JsonNode? secret = await FindSecretAsync(installation, ns);
        if (atTheKill is not null)
            Assert.Equal((string?)atTheKill["data"]!["tls.crt"], (string?)secret!["data"]!["tls.crt"]);
        Assert.Single(await installation.Cluster.Admin.ListAsync($"/api/v1/namespaces/{ns}/secrets"));
    }

    private static async Task KillAtAsync(OperatorInstallation installation, ApiCut cut, string source)
    {
        await using ApiProxy proxy = await ApiProxy.StartAsync(installation.Cluster);
        await using OperatorProcess first = await installation.StartAsync(proxy: proxy);
        Task silence = proxy.SilenceAt(cut);
        await installation.Cluster.ApplyAsync(source == "Ingress" ? Manifests.Ingress(cut.Namespace, "web") : Manifests.Certificate(cut.Namespace, "web"));
        await silence.WaitAsync(TimeSpan.FromSeconds(30));
        await first.KillAsync();
    }

    private static Task<JsonNode?> FindSecretAsync(OperatorInstallation installation, string ns)
        => installation.Cluster.Admin.FindAsync($"/api/v1/namespaces/{ns}/secrets/web");
}
