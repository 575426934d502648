using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Ingress;

namespace CertOperator.Acceptance;

/// <summary>What clients of an ingress meet while its certificate is replaced again and again.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed class RotationTests(OperatorFixture fixture)
{
    private const int Rotations = 5;

    private static readonly TimeSpan BetweenHandshakes = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task A_certificate_that_lives_a_minute_is_never_served_when_it_has_expired()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        string ns = await installation.Cluster.CreateNamespaceAsync("minute");
        await using ApiProxy proxy = await ApiProxy.StartAsync(installation.Cluster);
        await using OperatorProcess certOperator = await installation.StartAsync(proxy: proxy);
        await installation.Cluster.ApplyAsync(Manifests.Ingress(
            ns, "web", $"certoperator.io/cluster-issuer: {Manifests.Issuer}, certoperator.io/duration: 1m, certoperator.io/renew-before: 45s"));
        await installation.ReadyAsync(ns);
        JsonNode stored = await installation.Cluster.Admin.GetAsync($"/api/v1/namespaces/{ns}/secrets/web");
        string authorities = Encoding.UTF8.GetString(Convert.FromBase64String((string)stored["data"]!["ca.crt"]!));
        await using NginxIngress nginx = await NginxIngress.StartAsync(installation.Cluster, ns);
        proxy.BeforeAnswers(resource => resource == "secrets" ? nginx.SyncAsync() : Task.CompletedTask);

        var served = new HashSet<string>();
        var failures = new List<string>();
        int handshakes = 0;
        using var rhythm = new PeriodicTimer(BetweenHandshakes);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (served.Count <= Rotations && await rhythm.WaitForNextTickAsync(patience.Token))
        {
            handshakes++;
            try
            {
                served.Add((await TlsProbe.GetAsync(nginx.HttpsPort, "web.example.com", authorities)).Certificate.Thumbprint);
            }
            catch (HttpRequestException refused)
            {
                failures.Add($"{refused.Message} {refused.InnerException?.Message}");
            }
        }

        Measurements.Add("handshakes during 5 rotations of a certificate of one minute", $"{handshakes}, failed {failures.Count}");
        Assert.Empty(failures);
    }
}
