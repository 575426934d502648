using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Monitoring;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Alerts;

/// <summary>The real Prometheus scrapes the published binary, and Alertmanager hears of what it finds.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed class PrometheusTests(OperatorFixture fixture)
{
    private const int Fleet = 500;
    private const string Expiring = "CertOperatorCertificateExpiring";
    private static readonly string Rules = Path.Combine(Repository.Root, "config", "alerts", "cert-operator.rules.yaml");

    [Fact]
    public async Task A_healthy_fleet_is_silent_one_that_cannot_be_renewed_fires_and_resolves_after_its_renewal()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        await using OperatorProcess certOperator = await installation.StartAsync();
        await using AlertmanagerServer alertmanager = await AlertmanagerServer.StartAsync();
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(certOperator.Address, Rules, alertmanager);
        // Before anything was issued.
        await Eventually.HoldsAsync("the build is told of", async () => await prometheus.CountAsync("certoperator_build_info") == 1);
        string ns = await installation.Cluster.CreateNamespaceAsync("alerts");
        await installation.Cluster.ApplyAsync(Manifests.Many(Fleet, name => Manifests.Certificate(ns, name)));
        await installation.ReadyAsync(ns, Fleet);
        await Eventually.HoldsAsync(
            "Prometheus has seen them all", async () => await prometheus.QueryAsync($"sum(certoperator_certificate_ready{{namespace=\"{ns}\"}})") == Fleet);
        await Eventually.HoldsAsync("the rules were judged since", async () => await prometheus.QueryAsync("count(certoperator:certificate_renewal_window:seconds)") >= Fleet);
        // Within one round of judgement the last rules may still speak of the scrape before.
        await Eventually.HoldsAsync("the healthy fleet is silent", async () => !(await prometheus.AlertsAsync()).Any(alert => alert.Contains("web-", StringComparison.Ordinal)));

        // Its own CA goes while it lives, so that it cannot be renewed.
        string other = await installation.Cluster.CreateNamespaceAsync("short");
        await installation.Cluster.ApplyAsync(Issuer(other) + Manifests.Certificate(other, "short", "duration: 1m", "{name: own}"));
        await installation.ReadyAsync(other, 2);
        (await installation.Cluster.KubectlAsync(["-n", other, "delete", "issuer", "own"])).OrThrow();
        await Eventually.HoldsAsync($"{Expiring} fires", async () => await alertmanager.ActiveAsync(Expiring) is [var labels] && (string?)labels["name"] == "short", TimeSpan.FromSeconds(120));

        string trouble = await installation.Cluster.CreateNamespaceAsync("trouble");
        await installation.Cluster.ApplyAsync(DashboardData.Trouble(trouble));
        await Eventually.HoldsAsync("namespaces are those of the objects", async () => await prometheus.QueryAsync($"certoperator_certificate_ready{{namespace=\"{trouble}\", name=\"blocked\"}}") == 0);
        await DashboardData.AssertShownAsync(prometheus);
        (await installation.Cluster.KubectlAsync(["-n", trouble, "delete", "certificates,issuers,ingresses", "--all"])).OrThrow();

        await installation.Cluster.ApplyAsync(Issuer(other) + Manifests.Certificate(other, "short", "duration: 24h", "{name: own}"));
        await Eventually.HoldsAsync($"{Expiring} is resolved", async () => await alertmanager.ActiveAsync(Expiring) is [], TimeSpan.FromSeconds(60));
    }

    private static string Issuer(string ns) => $$"""
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: own, namespace: {{ns}} }
        spec: {ca: {secretName: own} }
        ---
        {{Manifests.Certificate(ns, "own", "isCA: true, commonName: Own")}}

        """;
}
